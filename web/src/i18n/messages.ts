/** A message whose wording depends on `{count}`, by the plural categories of CLDR. */
export type PluralForms = { one: string; other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

/** The same keys as `T`, with any wording; a plural message stays a plural message. */
export type Wording<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends PluralForms
      ? PluralForms
      : Wording<T[K]>;
};

/** Dotted paths of all messages in `T`. */
export type MessageKey<T> = {
  [K in keyof T & string]: T[K] extends string | PluralForms ? K : `${K}.${MessageKey<T[K]>}`;
}[keyof T & string];

export type MessageValues = Readonly<Record<string, string | number>>;

interface MessageTree {
  readonly [key: string]: string | PluralForms | MessageTree;
}

function findMessage(tree: MessageTree, key: string): string | PluralForms {
  let node: string | PluralForms | MessageTree = tree;
  for (const part of key.split(".")) node = (node as MessageTree)[part];
  return node as string | PluralForms;
}

/**
 * Makes the function that looks messages up in one language: chooses the plural form by `values.count` and fills
 * in `{name}` placeholders. Numbers are written the way the language writes them.
 */
export function createTranslator<T>(language: string, wording: Wording<T>) {
  const tree = wording as MessageTree;
  const plural = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language);
  return (key: MessageKey<T>, values: MessageValues = {}): string => {
    const message = findMessage(tree, key);
    const text =
      typeof message === "string" ? message : (message[plural.select(Number(values.count))] ?? message.other);
    return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
      const value = values[name];
      if (value === undefined) return placeholder;
      return typeof value === "number" ? number.format(value) : value;
    });
  };
}
