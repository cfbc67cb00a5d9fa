import ipaddr from "ipaddr.js";

/** Ways to write an address in a URL; `port` empty for the usual one. */
export function hostForms(address: string): string[] {
  if (address.includes(":")) return [`[${address}]`, `[${ipaddr.parse(address).toNormalizedString()}]`];
  const parts = address.split(".").map(Number);
  const number = parts.reduce((sum, part) => sum * 256 + part, 0);
  const hex = parts.map((part) => part.toString(16).padStart(2, "0"));
  const words = `${hex[0]}${hex[1]}:${hex[2]}${hex[3]}`;
  return [
    address,
    `${address}.`,
    String(number),
    `0x${number.toString(16)}`,
    parts.map((part) => `0${part.toString(8)}`).join("."),
    parts.map((part) => `0x${part.toString(16)}`).join("."),
    `${parts[0]}.${number % 2 ** 24}`,
    `${parts[0]}.${parts[1]}.${number % 2 ** 16}`,
    [...address]
      .map((char) => (char === "." ? "。" : String.fromCodePoint(char.codePointAt(0)! + 0xfee0)))
      .join(""),
    [...address].map((char) => `%${char.charCodeAt(0).toString(16)}`).join(""),
    `[::ffff:${address}]`,
    `[::ffff:${words}]`,
    `[::${words}]`,
    `[64:ff9b::${words}]`,
    `[2002:${words}::]`,
  ];
}

/** Addresses that lead to one host and port, as a hostile answer could name them. */
export function hostileUrls(address: string, port: number): string[] {
  const plain = address.includes(":") ? `[${address}]` : address;
  const authorities = hostForms(address).flatMap((host) => [host, `${host}:${port}`]);
  return [
    ...authorities.flatMap((authority) => [`https://${authority}/x.glb`, `http://${authority}/x.glb`]),
    `https://files.example.com@${plain}:${port}/x.glb`,
    `https://user:secret@${plain}:${port}/x.glb`,
    `https:\\\\${plain}:${port}\\x.glb`,
    `https:${plain}:${port}/x.glb`,
    `//${plain}:${port}/x.glb`,
    `ftp://${plain}:${port}/x.glb`,
    `ws://${plain}:${port}/x.glb`,
    `gopher://${plain}:${port}/_GET`,
  ];
}

/** Addresses that lead into the machine without a network. */
export const LOCAL_URLS = [
  "file:///etc/passwd",
  "file://127.0.0.1/etc/passwd",
  "data:model/gltf-binary;base64,Z2xURg==",
  "blob:https://files.example.com/x",
  "javascript:1",
  "/etc/passwd",
  "",
];

/** The host of a URL as the allow-list sees it. */
export const hostOf = (url: string) =>
  URL.parse(url)
    ?.hostname.replace(/^\[|\]$/g, "")
    .replace(/\.$/, "") ?? "";
