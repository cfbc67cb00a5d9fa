/** A secret that is easily guessed. */
export interface WeakSecret {
  /** Name of the setting. */
  name: string;
  /** `known`: everyone can read it in some documentation; `weak`: it is not random; `shared`: two settings have it. */
  kind: "known" | "weak" | "shared";
  /** What is wrong and what to do; never the value. */
  message: string;
}

/** Random ones, made by a program. */
const RANDOM = [
  "JWT_SECRET",
  "SESSION_SECRET",
  "API_ENCRYPTION_KEY",
  "API_ENCRYPTION_SALT",
  "OPS_TOKEN",
] as const;
/** Passwords, which people may make. */
const PASSWORDS = ["ADMIN_PASSWORD", "PGPASSWORD"] as const;
/** Addresses that carry a password. */
const ADDRESSES = ["DATABASE_URL", "REDIS_URL", "SMTP_URL"] as const;

/** Databases in a private network often have a simple password, so these never stop a start. */
const ONLY_WARNED = new Set<string>(["PGPASSWORD", "DATABASE_URL", "REDIS_URL", "SMTP_URL"]);

type Name = (typeof RANDOM)[number] | (typeof PASSWORDS)[number] | (typeof ADDRESSES)[number];
type Settings = Partial<Record<Name, string>>;

/**
 * Words of examples: in documentation, in this product's own, and in what people copy from elsewhere. Short ones only
 * where they stand alone: among some ten thousand random secrets one has such letters by chance.
 */
const EXAMPLE_WORDS =
  /change[-_ ]?(me|this|it)|example|placeholder|replace[-_ ]?(me|this)|your[-_ ]?(own[-_ ]?)?(\w+[-_ ])?(secret|key|token|password|salt|jwt)|(super|my|top|very)[-_ ]?secret|secret[-_ ]?(key|token)|default|insecure|choose[-_ ]?one|correct horse battery staple|(?<![^\W_])(?:todo|dummy)(?![^\W_])/i;
const EXAMPLES = new Set([
  "password",
  "secret",
  "postgres",
  "admin",
  "root",
  "test",
  "qwerty",
  "letmein",
  "user",
]);

const FEWEST_CHARACTERS = 10;
const LONGEST_PERIOD = 8;

/** `abcabcabc`, or nearly nothing but the same characters. */
function isRepetition(text: string): boolean {
  for (let period = 1; period <= Math.min(LONGEST_PERIOD, text.length / 2); period += 1) {
    if (text.startsWith(text.slice(period))) return true;
  }
  return false;
}

/** Most of it are neighbours in the alphabet or in the row of digits, up or down. */
function isSequence(text: string): boolean {
  const lower = text.toLowerCase();
  let steps = 0;
  for (let at = 1; at < lower.length; at += 1) {
    if (Math.abs(lower.charCodeAt(at) - lower.charCodeAt(at - 1)) === 1) steps += 1;
  }
  return steps > lower.length / 2;
}

const isKnown = (text: string) =>
  EXAMPLE_WORDS.test(text) || EXAMPLES.has(text.toLowerCase()) || isRepetition(text) || isSequence(text);

const RANDOM_CURE = "Make a random one: openssl rand -base64 33";
const PASSWORD_CURE = "Choose one that nobody can guess.";

function passwordOf(address: string): string {
  try {
    return decodeURIComponent(new URL(address).password);
  } catch {
    return "";
  }
}

const knownOf = (name: Name, cure: string): WeakSecret => ({
  name,
  kind: "known",
  message: `${name} has a value that everyone can guess: one of an example, or a repetition. ${cure}`,
});

/** What is wrong with the secrets of the settings; those that are not set are made at random and are well. */
export function findWeakSecrets(settings: Settings): WeakSecret[] {
  const found: WeakSecret[] = [];
  const seen = new Map<string, string>();
  for (const name of RANDOM) {
    const value = settings[name];
    if (!value) continue;
    const twin = seen.get(value);
    seen.set(value, name);
    if (isKnown(value)) found.push(knownOf(name, RANDOM_CURE));
    else if (twin) {
      const message = `${name} is the same as ${twin}: who learns one has both. ${RANDOM_CURE}`;
      found.push({ name, kind: "shared", message });
    } else if (new Set(value).size < FEWEST_CHARACTERS) {
      const message = `${name} is made of very few different characters. ${RANDOM_CURE}`;
      found.push({ name, kind: "weak", message });
    }
  }
  for (const name of PASSWORDS) {
    const value = settings[name];
    if (value && isKnown(value)) found.push(knownOf(name, PASSWORD_CURE));
  }
  for (const name of ADDRESSES) {
    const password = passwordOf(settings[name] ?? "");
    if (password && isKnown(password)) found.push(knownOf(name, PASSWORD_CURE));
  }
  return found;
}

/** Whether a server that others reach must not start with it. */
export const stopsProduction = ({ name, kind }: WeakSecret): boolean =>
  kind === "known" && !ONLY_WARNED.has(name);
