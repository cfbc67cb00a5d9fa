import { S3Client } from "@aws-sdk/client-s3";
import type { S3Account } from "../store-config.ts";

const CONNECT_MS = 5000;
/** Until an answer begins, where nothing is sent but a question. */
const ANSWER_MS = 10_000;
/** On a connection on which something is sent, or answered at the end of much work in the store. */
const SILENCE_MS = 60_000;
/** In all, with pauses that grow and vary; nothing is sent again after the content has begun to come. */
const MAX_ATTEMPTS = 4;

/**
 * Clients of Amazon S3 or of anything that speaks its protocol (https://docs.aws.amazon.com/AmazonS3/latest/API/): one
 * whose answers are read as slowly as their readers like, and one that sends as slowly as the way allows. The SHA-256 of
 * what is sent is signed, so what arrives otherwise is refused there.
 */
export function createS3Clients(account: S3Account): { reading: S3Client; writing: S3Client } {
  return {
    reading: createClient(account, { requestTimeout: ANSWER_MS, throwOnRequestTimeout: true }),
    writing: createClient(account, { socketTimeout: SILENCE_MS }),
  };
}

interface Patience {
  requestTimeout?: number;
  throwOnRequestTimeout?: boolean;
  socketTimeout?: number;
}

function createClient(account: S3Account, patience: Patience): S3Client {
  const { endpoint, region, accessKeyId, secretAccessKey, pathStyle } = account;
  // Each download holds one connection for as long as its reader takes.
  const agent = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY };
  return new S3Client({
    region,
    ...(endpoint && { endpoint }),
    forcePathStyle: pathStyle,
    credentials: { accessKeyId, secretAccessKey },
    retryMode: "standard",
    maxAttempts: MAX_ATTEMPTS,
    // Many stores other than Amazon's know neither trailing checksums nor those by CRC.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    // It would cost a connection for each upload, and not all stores answer it.
    expectContinueHeader: false,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      ...patience,
      httpAgent: agent,
      httpsAgent: agent,
    },
  });
}
