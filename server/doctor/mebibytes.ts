const MEBIBYTE = 1024 ** 2;

/** A number of bytes for people. */
export const inMebibytes = (bytes: number) => `${Math.round(bytes / MEBIBYTE)} MiB`;
