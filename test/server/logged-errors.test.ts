import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AppError } from "../../server/errors.ts";
import { redact } from "../../server/redact.ts";

const logged = (error: Error) => redact({ error }) as { error: { message: string; stack?: string } };

describe("errors in the log", () => {
  it("are told without a stack where the product expects them", () => {
    const { error } = logged(new AppError("result-invalid"));
    assert.match(error.message, /^result-invalid: /);
    assert.equal(error.stack, undefined);
  });

  it("keep the stack of a bug, also of one behind them", () => {
    const cause = new TypeError("Something is undefined");
    assert.match(logged(cause).error.stack!, /logged-errors\.test/);
    const { error } = logged(new AppError("internal", { cause })) as { error: { cause?: { stack: string } } };
    assert.match(error.cause!.stack, /logged-errors\.test/);
  });
});
