import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

export const S3_ACCOUNT = { region: "eu-test-1", accessKeyId: "AKIATEST", secretAccessKey: "secret/key" };

const SKEW_MS = 15 * 60_000;
const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");

interface Claim {
  credential: string;
  signedHeaders: string;
  signature: string;
  date: string;
  payload: string;
  /** Null where it is in the headers. */
  expiresSeconds: number | null;
}

/**
 * Why a request is refused, as Amazon's own code; null where it is signed rightly. Signature version 4 in headers and
 * in addresses: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html. What is sent in
 * signed chunks is refused, as many stores other than Amazon's do.
 */
export function refusalOf(request: IncomingMessage, url: URL, body: Buffer, now: number): string | null {
  const claim = url.searchParams.has("X-Amz-Signature") ? claimOfAddress(url) : claimOfHeaders(request);
  if (!claim) return "AccessDenied";
  const { credential, signedHeaders, date, payload, expiresSeconds } = claim;
  const [id, ...scope] = credential.split("/");
  if (id !== S3_ACCOUNT.accessKeyId) return "InvalidAccessKeyId";
  if (scope.join() !== [date.slice(0, 8), S3_ACCOUNT.region, "s3", "aws4_request"].join())
    return "AuthorizationHeaderMalformed";
  const at = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (expiresSeconds === null && !(Math.abs(now - at) < SKEW_MS)) return "RequestTimeTooSkewed";
  if (expiresSeconds !== null && !(now - at < expiresSeconds * 1000)) return "AccessDenied";
  if (payload.startsWith("STREAMING-")) return "NotImplemented";
  if (!signedHeaders.split(";").includes("host")) return "AccessDenied";
  const canonical = canonicalOf(request, url, claim);
  const key = scope.reduce<Buffer | string>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    `AWS4${S3_ACCOUNT.secretAccessKey}`,
  );
  const text = ["AWS4-HMAC-SHA256", date, scope.join("/"), sha256(canonical)].join("\n");
  const expected = createHmac("sha256", key).update(text).digest();
  const given = Buffer.from(claim.signature, "hex");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return "SignatureDoesNotMatch";
  const isUnsigned = expiresSeconds !== null && payload === "UNSIGNED-PAYLOAD";
  return isUnsigned || payload === sha256(body) ? null : "XAmzContentSHA256Mismatch";
}

function claimOfHeaders({ headers }: IncomingMessage): Claim | null {
  const match = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=(\w+)$/.exec(
    headers.authorization ?? "",
  );
  if (!match) return null;
  const [, credential, signedHeaders, signature] = match;
  const payload = String(headers["x-amz-content-sha256"]);
  const date = String(headers["x-amz-date"]);
  return { credential, signedHeaders, signature, date, payload, expiresSeconds: null };
}

function claimOfAddress({ searchParams }: URL): Claim {
  const read = (name: string) => searchParams.get(`X-Amz-${name}`) ?? "";
  return {
    credential: read("Credential"),
    signedHeaders: read("SignedHeaders"),
    signature: read("Signature"),
    date: read("Date"),
    payload: read("Content-Sha256") || "UNSIGNED-PAYLOAD",
    expiresSeconds: Number(read("Expires")),
  };
}

function canonicalOf({ method, headers }: IncomingMessage, url: URL, claim: Claim): string {
  const query = url.search
    .slice(1)
    .split("&")
    .filter((part) => part && !part.startsWith("X-Amz-Signature="))
    .map((part) => (part.includes("=") ? part : `${part}=`))
    .sort();
  return [
    method,
    url.pathname,
    query.join("&"),
    ...claim.signedHeaders
      .split(";")
      .map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, " ")}`),
    "",
    claim.signedHeaders,
    claim.payload,
  ].join("\n");
}
