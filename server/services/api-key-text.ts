import { createHash, randomInt } from "node:crypto";
import { crc32 } from "node:zlib";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BEGINNING = "p3d_";
const RANDOM_LENGTH = 32;
const CHECKSUM_LENGTH = 6;
const SHAPE = new RegExp(`^${BEGINNING}[0-9A-Za-z]{${RANDOM_LENGTH + CHECKSUM_LENGTH}}$`);

/** How much of a key is kept in clear for people to know it by, characters. */
const PREFIX_LENGTH = 12;

/** CRC-32 (ISO-HDLC) of everything before it, as six base-62 digits, the highest first. */
function checksumOf(text: string): string {
  let rest = crc32(text);
  let digits = "";
  for (let place = 0; place < CHECKSUM_LENGTH; place += 1) {
    digits = ALPHABET[rest % ALPHABET.length] + digits;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return digits;
}

/** A new key: `p3d_`, 32 random base-62 characters (190 bits), and a checksum by which scanners know a real one. */
export function newApiKeyText(): string {
  const random = Array.from({ length: RANDOM_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  const body = BEGINNING + random;
  return body + checksumOf(body);
}

/** Whether a text has the form of an API key, so that it is no other kind of token. */
export const looksLikeApiKey = (text: string): boolean => text.startsWith(BEGINNING);

/** Whether it may be a key of this product: form and checksum, without asking anybody. */
export const isWellFormedApiKey = (text: string): boolean =>
  SHAPE.test(text) && checksumOf(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH);

export const prefixOf = (text: string): string => text.slice(0, PREFIX_LENGTH);

/** What is kept of a key. It is random, so a plain SHA-256 can't be guessed back, and needs no salt. */
export const hashOf = (text: string): Buffer => createHash("sha256").update(text).digest();
