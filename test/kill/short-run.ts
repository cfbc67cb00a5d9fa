/** Each of the two short runs of `npm test`, which also run on slow and busy machines. */
export const SHORT_RUN = {
  campaign: {
    kills: 20,
    // The long run, which has the machine to itself, asks for 30.
    resumeLimitSeconds: 60,
  },
  test: { timeout: 850_000 },
};
