import { type Check, type Finding, ok, warning } from "../check.ts";

/** What may be meant, and is a mistake more often. */
export const settings: Check = {
  name: "settings",
  run({ config }) {
    const found: Finding[] = [];
    const { access, publicUrl, production, trustProxy } = config;
    const isOpen = access.kind === "accounts";
    if (isOpen && production && !publicUrl) {
      found.push(
        warning(
          "PUBLIC_URL is not set.",
          "Set it to the address that people open, such as https://3d.example.com.",
        ),
      );
    }
    if (isOpen && production && publicUrl?.startsWith("http:")) {
      found.push(
        warning(
          "PUBLIC_URL is not https, so passwords and cookies travel in clear.",
          "Put a proxy with TLS in front and set PUBLIC_URL=https://...",
        ),
      );
    }
    if (publicUrl?.startsWith("https:") && trustProxy === 0) {
      found.push(
        warning(
          "PUBLIC_URL is https, which a proxy in front must do, but TRUST_PROXY is 0: everybody has the proxy's address.",
          "Set TRUST_PROXY to the number of proxies, usually 1.",
        ),
      );
    }
    const way = isOpen ? "People sign in." : "There is no sign-in: only this machine comes in.";
    return [ok(`The settings can be read. ${way}`), ...found];
  },
};
