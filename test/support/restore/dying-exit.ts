/** Exit code of a restore in a process of its own that somebody else at the backups kept from beginning. */
export const REFUSED = 75;
