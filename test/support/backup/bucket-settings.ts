import { S3_ACCOUNT, type S3Server } from "./s3-server.ts";

/** Settings of a product whose files lie in a bucket of the stand-in. */
export const bucketSettings = (
  { endpoint }: Pick<S3Server, "endpoint">,
  { bucket, prefix = "" }: { bucket: string; prefix?: string },
): Record<string, string> => ({
  S3_BUCKET: bucket,
  S3_PREFIX: prefix,
  S3_ENDPOINT: endpoint,
  S3_REGION: S3_ACCOUNT.region,
  S3_ACCESS_KEY_ID: S3_ACCOUNT.accessKeyId,
  S3_SECRET_ACCESS_KEY: S3_ACCOUNT.secretAccessKey,
});
