import { SETTINGS, type Settings } from "./settings.ts";

/** One setting as operators may see it. */
export interface ShownSetting {
  name: string;
  /** Null where it is not set, or secret. */
  value: string | null;
  isSecret: boolean;
  /** Whether it differs from the default. */
  isSet: boolean;
  /** Whether it was read from the file that NAME_FILE names. */
  isFromFile: boolean;
}

/** Names of settings whose whole value is secret; of addresses only what signs in there is. */
const SECRET = /(PASSWORD|SECRET|SALT|TOKEN|API_KEY|ENCRYPTION_KEY|_KEY_PREVIOUS|DSN|WEBHOOK_URL)/;

/** An address without user, password, query and fragment, which may all let somebody in. */
function withoutCredentials(text: string): string {
  const url = URL.parse(text);
  if (!url) return text;
  const isBare = !url.username && !url.password && !url.search && !url.hash;
  return isBare ? text : `${url.protocol}//${url.host}${url.pathname}`;
}

/** Every setting in the order of the documents. */
export function showSettings(settings: Settings, fromFile: ReadonlySet<string>): ShownSetting[] {
  const defaults: Record<string, unknown> = SETTINGS.parse({});
  const given: Record<string, unknown> = settings;
  return Object.keys(SETTINGS.shape).map((name) => {
    const value = given[name];
    const isSecret = SECRET.test(name);
    const isShown = !isSecret && value !== undefined && value !== "";
    const isSet = value !== defaults[name];
    const isFromFile = fromFile.has(name);
    return { name, value: isShown ? withoutCredentials(String(value)) : null, isSecret, isSet, isFromFile };
  });
}
