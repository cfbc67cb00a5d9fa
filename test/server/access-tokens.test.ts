import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { base64url, SignJWT } from "jose";
import { v7 as newId } from "uuid";
import { type Member, signIn, startAccountsApp } from "../support/accounts.ts";
import type { TestApp } from "../support/app.ts";

let app: TestApp;
let admin: Member;
before(async () => {
  app = await startAccountsApp();
  admin = await signIn(app);
});
after(() => app.dispose());

const answerTo = async (token: string) => {
  const response = await app.request("/api/v1/auth/me", { headers: { Authorization: `Bearer ${token}` } });
  return response.ok ? "let in" : ((await response.json()) as { code: string }).code;
};

const claimsOf = (token: string) =>
  JSON.parse(new TextDecoder().decode(base64url.decode(token.split(".")[1])));

interface Forgery {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  key?: string;
}

/** A token like the administrator's own, with the server's key, except for what is given. */
function forge({ header = {}, claims = {}, key = app.context.secrets.jwt }: Forgery = {}): Promise<string> {
  const payload = { ...claimsOf(admin.accessToken), ...claims };
  for (const [name, value] of Object.entries(payload)) if (value === null) delete payload[name];
  return new SignJWT(payload)
    .setProtectedHeader({ alg: "HS256", typ: "at+jwt", ...header })
    .sign(new TextEncoder().encode(key));
}

describe("an access token", () => {
  it("is let in as it was made, and so is one of ours that says the same", async () => {
    assert.equal(await answerTo(admin.accessToken), "let in");
    assert.equal(await answerTo(await forge()), "let in");
  });

  it("is refused where anything of it is not ours", async () => {
    const now = Math.floor(Date.now() / 1000);
    const wrong: Record<string, Forgery> = {
      "another key": { key: "k".repeat(43) },
      "another issuer": { claims: { iss: "somebody" } },
      "another audience": { claims: { aud: "photo-to-3d-page" } },
      "no audience": { claims: { aud: null } },
      "another type": { header: { typ: "JWT" } },
      "no type": { header: { typ: undefined } },
      "another algorithm": { header: { alg: "HS512" } },
      "no end": { claims: { exp: null } },
      "not yet": { claims: { nbf: now + 600 } },
      "another user": { claims: { sub: newId() } },
      "another session": { claims: { sid: newId() } },
      "no session": { claims: { sid: null } },
      "no id": { claims: { jti: null } },
      "a subject that is no id": { claims: { sub: "admin" } },
    };
    for (const [name, forgery] of Object.entries(wrong)) {
      assert.equal(await answerTo(await forge(forgery)), "token-invalid", name);
    }
    assert.equal(await answerTo(await forge({ claims: { exp: now - 60 } })), "token-expired");
  });

  it("is refused without a signature, and with one for another text", async () => {
    const [header, payload, signature] = admin.accessToken.split(".");
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    for (const alg of ["none", "None", "NONE", ""]) {
      const unsigned = encode({ alg, typ: "at+jwt" });
      for (const end of ["", signature]) {
        assert.equal(await answerTo(`${unsigned}.${payload}.${end}`), "token-invalid", alg);
      }
    }
    const raised = encode({ ...claimsOf(admin.accessToken), sub: newId() });
    assert.equal(await answerTo(`${header}.${raised}.${signature}`), "token-invalid");
    assert.equal(await answerTo(`${header}.${payload}.`), "token-invalid");
    assert.equal(await answerTo(`${header}.${payload}`), "token-invalid");
  });

  it("has one spelling: the unused bits at the end of its parts must be as they were", async () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const last = admin.accessToken.at(-1)!;
    const same = admin.accessToken.slice(0, -1);
    const bytes = (token: string) => Buffer.from(token.split(".")[2], "base64url").toString("hex");
    const others = [...alphabet].filter((letter) => letter !== last);
    const alike = others.filter((letter) => bytes(same + letter) === bytes(admin.accessToken));
    assert.equal(alike.length, 3, "a decoder takes four letters for the same signature");
    for (const letter of others) assert.equal(await answerTo(same + letter), "token-invalid", letter);
    for (const end of ["=", "A", ".", "%3D"])
      assert.equal(await answerTo(admin.accessToken + end), "token-invalid", end);
  });

  it("is refused in any other form, and never counts as no sign-in", async () => {
    for (const Authorization of [
      "Bearer",
      "Basic YWRtaW46YWRtaW4=",
      `Bearer ${admin.accessToken} more`,
      `Token ${admin.accessToken}`,
      "Bearer p3d_short",
    ]) {
      const response = await app.request("/api/v1/models", { headers: { Authorization } });
      assert.equal(response.status, 401, Authorization);
      assert.equal(((await response.json()) as { code: string }).code, "token-invalid", Authorization);
    }
  });
});
