import { S3Client } from "@aws-sdk/client-s3";
import type { S3Account } from "../store-config.ts";

/** Until a connection stands, and until anything moves on one that does. */
const CONNECT_MS = 5000;
const SILENCE_MS = 30_000;
/** In all, with pauses that grow and vary; nothing is sent again after the content has begun to come. */
const MAX_ATTEMPTS = 4;

/**
 * A client of Amazon S3 or of anything that speaks its protocol (https://docs.aws.amazon.com/AmazonS3/latest/API/).
 * The SHA-256 of what is sent is signed, so what arrives otherwise is refused there. Nothing is read from the
 * environment or from files of the AWS tools but what concerns the way of a request.
 */
export function createS3Client(account: S3Account): S3Client {
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
      socketTimeout: SILENCE_MS,
      httpAgent: agent,
      httpsAgent: agent,
    },
  });
}
