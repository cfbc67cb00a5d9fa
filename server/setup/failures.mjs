import { SetupError } from "./layout.mjs";

const NO_NETWORK =
  "The npm registry can't be reached. Check the network connection, or tell npm about your proxy or mirror " +
  "(npm config set proxy …, npm config set registry …), then run the same command again.";
const REFUSED =
  "The npm registry refused to answer without signing in. Run `npm login`, or set another registry with " +
  "`npm config set registry …`, then run the same command again.";
const NOT_IN_REGISTRY =
  "The npm registry in use does not have one of the packages. Use the public registry " +
  "(npm config delete registry), or wait until your mirror has it, then run the same command again.";

/** What npm reports → what happened and what to do. The first pattern that matches wins. */
const CURES = [
  [
    /\bENOSPC\b|no space left/i,
    "The disk is full: the dependencies need about 1 GB. Free some space, then run the same command again.",
  ],
  [/\bE40[13]\b|ENEEDAUTH/, REFUSED],
  [/\bE404\b|\bETARGET\b|notarget/, NOT_IN_REGISTRY],
  [
    /CERT|SELF_SIGNED|UNABLE_TO_GET_ISSUER|UNABLE_TO_VERIFY/,
    "The npm registry's certificate is not trusted here, most often because of a proxy that reads traffic. Set " +
      "NODE_EXTRA_CA_CERTS to the proxy's certificate file, then run the same command again.",
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT|\bE5\d\d\b|network/i,
    NO_NETWORK,
  ],
  [
    /\bEROFS\b/,
    "This folder can only be read. Copy the product to a folder that can be written, then start it there.",
  ],
  [
    /\bEBUSY\b|EPERM.*(unlink|rename|rmdir)/i,
    "A file in node_modules is in use. Stop other running copies of the product and editors that watch this " +
      "folder, then run `npm ci`.",
  ],
  [
    /\bEACCES\b|\bEPERM\b/,
    "This folder, or npm's cache (npm config get cache), belongs to another user. Give it to yourself " +
      "(sudo chown -R $(id -un) FOLDER), then run the same command again. Don't use sudo for npm.",
  ],
  [
    /EUSAGE|can only install packages when your package\.json and package-lock\.json/i,
    "package.json and package-lock.json don't fit together. Run `npm install`, then the same command again.",
  ],
  [
    /EINTEGRITY|sha512/,
    "A downloaded package was damaged. Run `npm cache clean --force`, then the same command again.",
  ],
  [
    /EBADENGINE|Unsupported engine/,
    "This Node is too old: Node.js 20.19 or newer is needed. Get one from https://nodejs.org.",
  ],
  [
    /\bEMFILE\b|\bENFILE\b/,
    "Too many files are open. Raise the limit (ulimit -n 4096), then run the same command again.",
  ],
];

/**
 * Turns what a failed npm printed into one error that says what happened and what to do; npm's own last lines
 * follow, as detail.
 */
export function explainInstallFailure(output, exitCode) {
  const errors = output.split("\n").filter((line) => /npm (error|ERR!)/.test(line));
  const evidence = errors.length > 0 ? errors.join("\n") : output;
  const cure =
    CURES.find(([pattern]) => pattern.test(evidence))?.[1] ??
    `npm ended with exit code ${exitCode}. Run \`npm ci\` to see all it says.`;
  const lines = errors.length > 0 ? errors.slice(0, 6) : output.trim().split("\n").slice(-8);
  return new SetupError(`Installing the dependencies failed. ${cure}\n\n${lines.join("\n")}`.trimEnd());
}

/** The same for an error of the file system that the set-up itself met. */
export function explainFileFailure(error) {
  const cure = CURES.find(([pattern]) => pattern.test(error.code ?? ""))?.[1];
  return cure ? new SetupError(`${cure}\n\n${error.message}`) : error;
}
