const PRIVATE_HOST =
  /^(localhost|.*\.(localhost|local|lan|internal|home\.arpa)|127\.[\d.]+|10\.[\d.]+|192\.168\.[\d.]+|169\.254\.[\d.]+|172\.(1[6-9]|2\d|3[01])\.[\d.]+|\[::1\]|\[f[cde][\da-f]{2}:.*\])$/i;

/** Whether the address can exist outside this computer and its local network, judged by its host alone. */
export function isPublicAddress(url: string): boolean {
  const { hostname } = new URL(url);
  return !PRIVATE_HOST.test(hostname) && (hostname.includes(".") || hostname.startsWith("["));
}

/** Whether the address means this very computer, so that no phone can open it. */
export function isThisComputer(url: string): boolean {
  return /^(localhost|.*\.localhost|127\.[\d.]+|\[::1\])$/i.test(new URL(url).hostname);
}
