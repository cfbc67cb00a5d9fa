import type { IncomingMessage, ServerResponse } from "node:http";
import type { Behaviour } from "./behaviour.ts";
import { BEHAVIOURS } from "./behaviours.ts";
import type { FakeAccount, FakeGenapi, FakeGenapiOptions, SeenRequest } from "./fake-genapi.ts";
import { close, listen } from "./loopback-server.ts";
import { readCreate } from "./read-create.ts";
import { makeSampleGlb } from "./sample-glb.ts";
import { type FakeCall, type FakeGeneration, file, json, type Step, started } from "./steps.ts";

const FIRST_ID = 40_000_001;

/** A GenAPI on loopback, as far as its clients know it. */
export async function startFakeGenapi(options: FakeGenapiOptions = {}): Promise<FakeGenapi> {
  const { key = "fake-key", balance = "1234.50" } = options;
  const glb = options.glb ?? (await makeSampleGlb());
  const accounts = new Map<string, FakeAccount>([[key, { balance }]]);
  /** Every key that was ever good, so that a leak of one that was removed shows too. */
  const keysSeen = new Set([key]);
  const generations = new Map<number, { generation: FakeGeneration; behaviour: Behaviour }>();
  const seen: SeenRequest[] = [];
  let queue: Behaviour[] = [BEHAVIOURS.ok];

  const api = await listen(answerApi, options.port ?? 0);
  const files = await listen(answerFile, 0);
  const { url } = api;
  const fileUrl = files.url;

  function note(host: SeenRequest["host"], request: IncomingMessage): SeenRequest {
    const { method = "", url: path = "", headers } = request;
    for (const known of accounts.keys()) keysSeen.add(known);
    const sent = JSON.stringify([path, headers]);
    const authorized = [...keysSeen].some((known) => sent.includes(known));
    const entry = { host, method, path, headers, authorized };
    seen.push(entry);
    return entry;
  }

  function callOf(
    request: IncomingMessage,
    response: ServerResponse,
    generation: FakeGeneration | null,
  ): FakeCall {
    return {
      request,
      response,
      generation,
      resultUrl: `${fileUrl}/files/${generation?.id}.glb`,
      fileHostUrl: fileUrl,
      apiUrl: url,
      glb,
      async callBack(body) {
        if (!generation?.callbackUrl) return;
        const headers = { "content-type": "application/json" };
        await fetch(generation.callbackUrl, { method: "POST", headers, body: JSON.stringify(body) });
      },
    };
  }

  async function answerApi(request: IncomingMessage, response: ServerResponse) {
    const { path } = note("api", request);
    const sentKey = /^Bearer (.*)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const account = accounts.get(sentKey);
    if (!account) {
      return json(401, { message: "Unauthenticated." })(callOf(request, response, null));
    }
    const network = /^\/api\/v1\/networks\/([\w.-]+)$/.exec(path)?.[1];
    if (request.method === "POST" && network) return create(request, response, network, sentKey);
    const id = /^\/api\/v1\/request\/get\/(\d+)$/.exec(path)?.[1];
    if (id) return poll(request, response, Number(id), sentKey);
    if (path === "/api/v1/user") {
      const user = json(200, {
        name: "Иван",
        email: "ivan@example.com",
        phone_number: "+70000000000",
        balance: account.balance,
      });
      return (queue[0].user ?? user)(callOf(request, response, null));
    }
    return json(404, { message: "Not found" })(callOf(request, response, null));
  }

  function nextBehaviour(key: string): Behaviour {
    if (Number(accounts.get(key)?.balance) <= 0) return BEHAVIOURS["balance-too-low"];
    return queue.length > 1 ? queue.shift()! : queue[0];
  }

  async function create(request: IncomingMessage, response: ServerResponse, network: string, key: string) {
    const input = await readCreate(request);
    // In the order of the ids: of two calls at once the one that came first may be the last to be read.
    const behaviour = nextBehaviour(key);
    if (!input) {
      const errors_validation = { image_url: ["Файл обязателен."] };
      return json(422, { error: true, errors_validation })(callOf(request, response, null));
    }
    if (behaviour.accepts === false) return behaviour.create?.(callOf(request, response, null));
    const id = FIRST_ID + generations.size;
    const generation = { id, key, network, ...input, createdAt: Date.now(), polls: 0, fetches: 0 };
    generations.set(id, { generation, behaviour });
    return (behaviour.create ?? started())(callOf(request, response, generation));
  }

  function poll(request: IncomingMessage, response: ServerResponse, id: number, key: string) {
    const found = generations.get(id);
    const known = found?.generation.key === key ? found : undefined;
    const call = callOf(request, response, known?.generation ?? null);
    if (!known) return json(404, { message: "Not found" })(call);
    return stepAt(known.behaviour.polls ?? BEHAVIOURS.ok.polls, known.generation.polls++)(call);
  }

  function answerFile(request: IncomingMessage, response: ServerResponse) {
    const { path } = note("files", request);
    const known = generations.get(Number(/^\/files\/(\d+)/.exec(path)?.[1]));
    const call = callOf(request, response, known?.generation ?? null);
    if (!known) return json(404, { message: "Not found" })(call);
    return stepAt(known.behaviour.files ?? [file(() => glb)], known.generation.fetches++)(call);
  }

  const accepted = () => [...generations.values()].map(({ generation }) => generation);
  const leaks = () => seen.filter(({ host, authorized }) => host === "files" && authorized);

  const fake: FakeGenapi = {
    url,
    fileUrl,
    key,
    accounts,
    requests: seen,
    script(...behaviours) {
      if (behaviours.length === 0) throw new Error("script() needs at least one behaviour.");
      queue = behaviours.map((entry) => (typeof entry === "string" ? BEHAVIOURS[entry] : entry));
    },
    creates: accepted,
    createsPerPhoto() {
      const counts = new Map<string, number>();
      for (const { photoSha256 } of accepted()) counts.set(photoSha256, (counts.get(photoSha256) ?? 0) + 1);
      return counts;
    },
    keyLeaks: leaks,
    async dispose() {
      await Promise.all([close(api), close(files)]);
      if (leaks().length > 0) throw new Error("The API key reached the file host.");
    },
    [Symbol.asyncDispose]: () => fake.dispose(),
  };
  return fake;
}

const stepAt = (steps: Step[], index: number) => steps[Math.min(index, steps.length - 1)];
