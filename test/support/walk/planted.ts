/** A word in every private text of the first user; nobody else may ever read it. */
export const PLANTED = "quillfeather";
export const OWNER_EMAIL = `${PLANTED}@example.com`;
