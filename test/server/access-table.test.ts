import path from "node:path";
import { after, before, it } from "node:test";
import { declaredRoutes } from "../../server/app.ts";
import type { Access, Relation, Role, Scope } from "../../server/contract/access.ts";
import type { Route } from "../../server/http/route.ts";
import { mayCall } from "../../server/policies/access.ts";
import { type Caller, LOCAL_CALLER } from "../../server/policies/caller.ts";
import { startTestApp, type TestApp } from "../support/app.ts";

const PAGE = path.resolve(import.meta.dirname, "../../docs/access.md");

const INTRODUCTION = `# Who may call what

Every route declares who may call it, and what the caller must be to the record that its address names. This page is
written from those declarations, and a test walks all of them with every kind of caller. After a change:
\`node --test --test-update-snapshots test/server/access-table.test.ts\`.

- **Anyone**: without signing in. **Member**: administrators, users and viewers. Viewers look, and change nothing but
  their own account.
- **API key**: the scope that a key needs; it never goes beyond its owner's role, and no scope includes another. Where
  there is none, only a person with a session is let in.
- **Record**: *seen* by its owner, by administrators and, where it is shared with the team, by every member; *managed*
  by its owner and administrators; *own*, of its owner alone. What somebody must not see answers 404 as if it weren't
  there; what is seen but not theirs to change answers 403. An administrator's key needs the scope \`admin\` for
  what is others'.
- **Lists** show one's own; \`?owner=team\` what is shared with the team, \`?owner=all\` everybody's, for administrators.
- Without sign-in (\`AUTH=off\`, on this machine alone) whoever is on this machine has the administrator's rights.
  Through the server's public name or a proxy only \`/s/\`, \`/hooks/\`, \`/health\` and the page's own files answer;
  \`/metrics\` and \`/health/detailed\` ask for the operator's token then.
- The page itself, \`/openapi.json\` and \`/docs\` hold nothing of anybody and are for anyone who reaches the server.

| Route | Who | API key | Record |
|---|---|---|---|
`;

const callerOf = (role: Role, via: Caller["via"], scopes: readonly Scope[]): Caller => ({
  ...LOCAL_CALLER,
  role,
  via,
  scopes,
});

/** The roles of people who may call it, in words. */
function whoOf(access: Access): string {
  if (access === "public") return "anyone";
  const may = (role: Role) => mayCall(access, callerOf(role, "cookie", ["read", "write", "admin"]));
  const operator = access === "operator" ? ", operator's token" : "";
  if (may("viewer")) return "members";
  return (may("user") ? "users, administrators" : "administrators") + operator;
}

function scopeOf(access: Access): string {
  if (access === "public") return "";
  const scopes = (["read", "write", "admin"] as const).filter((scope) =>
    mayCall(access, callerOf("admin", "api-key", [scope])),
  );
  return scopes.length > 0 ? scopes.map((scope) => `\`${scope}\``).join(", ") : "never";
}

const RECORDS: Record<Relation, string> = { see: "seen", manage: "managed", own: "own" };

const rowOf = ({ method, path: address, access, relation }: Route) =>
  `| \`${method.toUpperCase()} ${address}\` | ${whoOf(access)} | ${scopeOf(access)} | ${relation ? RECORDS[relation] : ""} |\n`;

let app: TestApp;
before(async () => {
  app = await startTestApp();
});
after(() => app.dispose());

it("the table of the documentation is what the routes declare", (t) => {
  const rows = declaredRoutes(app.context).map(rowOf);
  const byAddress = (one: string, other: string) => {
    const [a, b] = [one, other].map((row) => row.split("`")[1].split(" ")[1]);
    return a < b ? -1 : a > b ? 1 : 0;
  };
  t.assert.fileSnapshot(INTRODUCTION + rows.toSorted(byAddress).join(""), PAGE, {
    serializers: [String],
  });
});
