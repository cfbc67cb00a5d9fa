import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { parseEnv } from "node:util";
import { loadConfig } from "../../server/config.ts";
import { SETTINGS } from "../../server/settings.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const read = (name: string) => fs.readFileSync(path.join(ROOT, name), "utf8");
const NAMES = Object.keys(SETTINGS.shape);
const DEFAULTS: Record<string, unknown> = SETTINGS.parse({});
const EXAMPLE = read(".env.example").split("\n");

test(".env.example has every setting, in the code's order, each after one comment", () => {
  const places = EXAMPLE.flatMap((line, index) => (/^#?[A-Z][A-Z0-9_]*=/.test(line) ? [index] : []));
  assert.deepEqual(
    places.map((index) => EXAMPLE[index].replace(/^#/, "").split("=")[0]),
    NAMES,
  );
  for (const index of places) {
    assert.match(EXAMPLE[index - 1], /^# \S.{5,}/, `no comment above ${EXAMPLE[index]}`);
    assert.equal(EXAMPLE[index - 2], "", `more than one line of comment above ${EXAMPLE[index]}`);
  }
});

test(".env.example shows the defaults, so that uncommenting all of it changes nothing", () => {
  const lines = EXAMPLE.map((line) => line.replace(/^#(?=[A-Z][A-Z0-9_]*=)/, ""));
  const values = parseEnv(lines.join("\n")) as Record<string, string>;
  for (const name of NAMES) assert.equal(values[name], String(DEFAULTS[name] ?? ""), name);
  assert.deepEqual(loadConfig(values, ROOT), loadConfig({}, ROOT));
});

/** Rows of a table of settings: name, default as it is shown, the rest. */
const settingRows = (page: string) =>
  read(page)
    .split("\n")
    .map((line) => /^\| `([A-Z][A-Z0-9_]*)` \| (.+?) \| (.+) \|$/.exec(line))
    .filter((row) => row !== null)
    .map(([, name, shown, rest]) => ({ name, shown, rest }));

const PAGES = [
  { page: "docs/configuration.md", readme: "README.md", words: { none: "none", empty: "empty" } },
  { page: "docs/configuration.ru.md", readme: "README.ru.md", words: { none: "нет", empty: "пусто" } },
];

for (const { page, readme, words } of PAGES) {
  test(`${page} lists every setting with its default, meaning and occasion, in the code's order`, () => {
    const rows = settingRows(page);
    assert.deepEqual(
      rows.map(({ name }) => name),
      NAMES,
    );
    for (const { name, shown, rest } of rows) {
      const value = DEFAULTS[name];
      if (value === "") assert.equal(shown, words.empty, name);
      else if (value !== undefined) assert.equal(shown, `\`${value}\``, name);
      else assert.ok(!shown.startsWith("`") && shown !== words.empty, name);
      assert.equal(rest.split(" | ").filter((cell) => /\S/.test(cell)).length, 2, `${page}: ${name}`);
    }
  });

  test(`${readme} shows some of them, with the same defaults, and leads to all`, () => {
    const all = new Map(settingRows(page).map(({ name, shown }) => [name, shown]));
    const rows = settingRows(readme);
    assert.ok(rows.length >= 10 && rows.length <= 20, `${rows.length} settings`);
    for (const { name, shown } of rows) assert.equal(shown, all.get(name), `${readme}: ${name}`);
    assert.deepEqual(
      rows.map(({ name }) => name),
      NAMES.filter((name) => rows.some((row) => row.name === name)),
    );
    assert.ok(read(readme).includes(`](${page})`));
  });
}

/** What stands in code beside examples: settings, alerts, and others' words. */
const NO_EXAMPLE =
  /^(?:PhotoTo3d\w+|client_max_body_size|max_connections|age-keygen|openssl rand -base64 33)$/;

test("every example of a value is one that the setting takes, the same in both languages", () => {
  const [english, russian] = PAGES.map(({ page }) =>
    settingRows(page).flatMap(({ name, rest }) =>
      [...rest.split(" | ")[1].matchAll(/`([^`]+)`/g)]
        .map(([, span]) => span)
        .filter((span) => !NAMES.includes(span) && !NO_EXAMPLE.test(span))
        .map((span) => ({ name, span })),
    ),
  );
  assert.ok(english.length > 50);
  assert.deepEqual(russian, english);
  for (const { name, span } of english) {
    const { success, error } = SETTINGS.partial().safeParse({ [name]: span });
    assert.ok(success, `${name}=${span}: ${error?.issues[0].message}`);
  }
});

test("both read-mes show the same settings", () => {
  const [english, russian] = PAGES.map(({ readme }) => settingRows(readme).map(({ name }) => name));
  assert.deepEqual(russian, english);
});

test("settings whose default depends on others are described as they are", () => {
  const shown = (name: string) =>
    new RegExp(`^\\| \`${name}\` \\| (.+?) \\|`, "m").exec(read("docs/configuration.md"))?.[1];
  const development = loadConfig({}).config;
  const production = loadConfig({ NODE_ENV: "production" }).config;
  assert.equal(shown("HOST"), development.listen.host);
  assert.match(read("docs/configuration.md"), new RegExp(`\`HOST\` ${production.listen.host}`));
  assert.equal(shown("LOG_LEVEL"), `${development.log.level}, in production ${production.log.level}`);
  const inParts = loadConfig({ PGHOST: "db.example" }).config.database;
  assert.ok(inParts.kind === "url");
  const url = new URL(inParts.url);
  assert.equal(shown("PGDATABASE"), url.pathname.slice(1));
  assert.equal(shown("PGUSER"), url.username);
});

test("wherever others could reach the server people sign in, and settings that contradict this stop the start", () => {
  const kind = (env: Record<string, string>) => loadConfig(env, ROOT).config.access.kind;
  const ADMIN = { ADMIN_EMAIL: "a@example.com", ADMIN_PASSWORD: "correct horse battery" };
  assert.equal(kind({}), "localhost");
  assert.equal(kind({ HOST: "::1" }), "localhost");
  assert.equal(kind({ NODE_ENV: "production", HOST: "127.0.0.1", AUTH: "off" }), "localhost");
  for (const env of [
    { HOST: "0.0.0.0" },
    { HOST: "192.168.1.5" },
    { NODE_ENV: "production" },
    { NODE_ENV: "production", HOST: "127.0.0.1" },
    { AUTH: "on" },
    ADMIN,
  ] as Record<string, string>[]) {
    assert.equal(kind(env), "accounts", JSON.stringify(env));
  }
  assert.throws(
    () => kind({ HOST: "0.0.0.0", AUTH: "off" }),
    /AUTH is off, but HOST.*HOST=127\.0\.0\.1, or AUTH=on/,
  );
  assert.throws(() => kind({ NODE_ENV: "production", AUTH: "off" }), /AUTH is off, but HOST/);
  assert.throws(() => kind({ AUTH: "off", ...ADMIN }), /ADMIN_EMAIL.*AUTH=on/);
  assert.throws(() => kind({ REGISTRATION: "open" }), /REGISTRATION.*AUTH=on/);
  assert.throws(() => kind({ ADMIN_EMAIL: "a@example.com" }), /ADMIN_PASSWORD/);
  assert.throws(() => kind({ SMTP_URL: "smtp://mail.example" }), /MAIL_FROM/);
});

test("a wrong setting stops the start with a sentence that names it", () => {
  for (const [name, value] of [
    ["PORT", "http"],
    ["MAX_FILE_SIZE", "10MB"],
    ["DATABASE_URL", "mysql://localhost/x"],
    ["LOCAL_CONCURRENCY", "9"],
    ["REDIS_URL", "redis.example:6379"],
    ["REDIS_URL", "http://redis.example:6379"],
    ["REDIS_URL", "redis://"],
    ["REDIS_URL", "redis://redis.example:port"],
    ["REDIS_URL", "redis://redis.example/cache"],
    ["REDIS_URL", "redis://:50%off@redis.example"],
    ["REDIS_SOCKET_TIMEOUT", "0"],
    ["TRUST_PROXY", "everyone"],
    ["TRUST_PROXY", "0.0.0.0/0"],
    ["TRUST_PROXY", "::/0"],
    ["TRUST_PROXY", "99"],
    ["TRUST_PROXY", "10/8"],
    ["CORS_ORIGIN", "shop"],
    ["JWT_SECRET", "short"],
    ["OPS_TOKEN", "short"],
    ["GENAPI_BASE_URL", "http://genapi.example/api"],
  ]) {
    assert.throws(() => loadConfig({ [name]: value }), new RegExp(name), `${name}=${value}`);
  }
  assert.throws(
    () => loadConfig({ DATABASE_URL: "postgres://a:b@c/d", PGHOST: "c" }),
    /DATABASE_URL.*PGHOST/,
  );
});

test("a Redis is given by its address, and a wrong one is not repeated, for it may hold a password", () => {
  const redis = (REDIS_URL: string) => loadConfig({ REDIS_URL }).config.redis;
  for (const url of [
    "redis://cache",
    "redis://:p%40ss@127.0.0.1:6380/2",
    "rediss://me:word@[::1]:6379/",
    "redis://me@cache.example",
  ]) {
    assert.deepEqual(redis(url), { url, socketTimeoutMs: 10_000, maxConnections: 100 });
  }
  assert.equal(redis(" "), null);
  assert.throws(
    () => redis("redis://:pass-word-7171@cache/one"),
    ({ message }: Error) =>
      !message.includes("7171") && /^The setting REDIS_URL is wrong: must look like redis:\/\//.test(message),
  );
});

test("proxies are trusted by their number, address or subnet", () => {
  const trusted = (TRUST_PROXY: string) => loadConfig({ TRUST_PROXY }).config.trustProxy;
  assert.equal(trusted("2"), 2);
  const subnets = ["10.0.0.0/8", "192.0.2.7", "fd00::/8", "loopback"];
  assert.deepEqual(trusted(subnets.join(",")), subnets);
});

test("code reads the environment through the settings only", () => {
  const files = fs
    .readdirSync(path.join(ROOT, "server"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"));
  assert.ok(files.length > 20);
  const readers = files.filter((name) => /process\.env\.\w/.test(read(path.join("server", name))));
  assert.deepEqual(readers, []);
});

test("PGHOST takes names and addresses, and says what to do with anything else", () => {
  const urlFor = (PGHOST: string) => {
    const { database } = loadConfig({ PGHOST }, ROOT).config;
    return database.kind === "url" ? new URL(database.url).host : null;
  };
  assert.equal(urlFor("db.example"), "db.example:5432");
  assert.equal(urlFor("::1"), "[::1]:5432");
  for (const wrong of ["db.example:5432", "/var/run/postgresql"]) {
    assert.throws(() => urlFor(wrong), /PGHOST must be .* DATABASE_URL/);
  }
});

test("prices are given by network, or by network and preset", () => {
  const prices = (GENAPI_PRICES: string) =>
    loadConfig({ GENAPI_API_KEY: "some-key", GENAPI_PRICES }, ROOT).config.genapi?.prices;
  assert.deepEqual(prices(" trellis=17, trellis/high=40.5 "), { trellis: 17, "trellis/high": 40.5 });
  for (const wrong of ["trellis", "trellis=", "trellis/best=4", "=5", "trellis=-1"])
    assert.throws(() => prices(wrong), /GENAPI_PRICES.*trellis=17/, wrong);
});
