import { ENGLISH } from "../../error-texts/en.ts";
import { AppError } from "../../errors.ts";
import { createGenapiProvider } from "../../providers/genapi/provider.ts";
import { type Check, ok, problem, skipped, warning } from "../check.ts";

const TIMEOUT_MS = 8000;
/** About one model. */
const LITTLE_ROUBLES = 20;

/** Whether GenAPI knows the service's key, and what money is behind it. Asking costs nothing. */
export const provider: Check = {
  name: "provider",
  async run({ config: { genapi } }) {
    if (!genapi.apiKey) {
      return [skipped("GENAPI_API_KEY is not set: models are made here, or by keys that people bring.")];
    }
    try {
      const balance = await createGenapiProvider(genapi).balance(AbortSignal.timeout(TIMEOUT_MS));
      if (balance === null) return [ok("GenAPI knows the key.")];
      return [
        balance < LITTLE_ROUBLES
          ? warning(
              `GenAPI knows the key, but the balance is ${balance} RUB.`,
              "Top up the account at GenAPI.",
            )
          : ok(`GenAPI knows the key; the balance is ${balance} RUB.`),
      ];
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const { detail, suggestion } = ENGLISH[error.code];
      return [problem(`${new URL(genapi.baseUrl).host}: ${detail}`, suggestion)];
    }
  },
};
