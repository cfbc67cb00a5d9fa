import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { describe, it } from "node:test";
import { type RestoreFiles, RestoreNote } from "../../server/services/restore/restore-files.ts";
import type { FilePlace } from "../support/restore/file-places.ts";
import { sha256Of } from "../support/sha256.ts";

const { signal } = new AbortController();
const ID = "2026-01-01T00-00-00-000Z";
const ADDED = Array.from({ length: 20 }, (_, at) => `models/${at}/added.glb`);
const REPLACED = Array.from({ length: 20 }, (_, at) => `models/${at}/original.glb`);
const UNTOUCHED = "input/ab/photo.jpg";

const former = (key: string) => `former ${key}`;
const restored = (key: string) => `restored ${key}`;

/** What every implementation of `RestoreFiles` must do. */
export function restoreFilesContract(
  name: string,
  make: () => Promise<{ files: RestoreFiles; place: FilePlace }>,
) {
  /** A store whose restore has brought its files in. */
  async function broughtIn() {
    const { files, place } = await make();
    for (const key of [UNTOUCHED, ...REPLACED]) await place.put(key, former(key));
    const take = files.arrivals(ID);
    for (const key of [...ADDED, ...REPLACED]) {
      const content = Buffer.from(restored(key));
      const file = { key, bytes: content.length, sha256: sha256Of(content), modifiedMs: Date.now() };
      await take(file, Readable.from([content]), signal);
    }
    const note = RestoreNote.parse({
      id: ID,
      filename: "2026-01-01T00-00-00Z-manual",
      phase: "open",
      added: ADDED,
      replaced: REPLACED,
    });
    return { files, place, note };
  }
  async function inPlace() {
    const there = await broughtIn();
    await there.files.begin(there.note, signal);
    await there.files.placeAdded(there.note, signal);
    return there;
  }
  const notNamed = async () => false;
  const storeOf = async (place: FilePlace) =>
    Object.fromEntries(
      Object.entries(await place.contents())
        .filter(([key]) => !key.startsWith("."))
        .map(([key, content]) => [key, content.toString()]),
    );
  const said = (keys: string[], how: (key: string) => string) =>
    Object.fromEntries(keys.map((key) => [key, how(key)]));
  const BEFORE = said([UNTOUCHED, ...REPLACED], former);
  const AFTER = { ...BEFORE, ...said([...ADDED, ...REPLACED], restored) };

  describe(`contract of restored files: ${name}`, () => {
    it("tells which files the store lacks, and which have other bytes", async () => {
      const { files, place } = await make();
      const content = Buffer.from("the bytes of a model");
      const file = { key: "models/1/a.glb", bytes: content.length, sha256: sha256Of(content) };
      const look = (key = file.key) => files.howItDiffers({ ...file, key }, signal);
      assert.equal(await look(), "added");
      await place.put(file.key, content);
      assert.equal(await look(), null);
      await place.put(file.key, "the bytes of a MODEL");
      assert.equal(await look(), "replaced");
      await place.put(file.key, "shorter");
      assert.equal(await look(), "replaced");
      for (const key of ["../a", ".restore/a", "models/.a"]) await assert.rejects(look(key), RangeError);
    });

    it("changes nothing of the store while files are brought in, and hides them", async () => {
      const { files, place } = await broughtIn();
      assert.deepEqual(await storeOf(place), BEFORE);
      const listed: string[] = [];
      for await (const { key } of files.storage.list("")) listed.push(key);
      assert.deepEqual(listed.sort(), Object.keys(BEFORE).sort());
      await files.forget();
      assert.deepEqual(Object.keys(await place.contents()).sort(), Object.keys(BEFORE).sort());
    });

    it("takes no file whose content fails at its end", async () => {
      const { files, place } = await make();
      const failing = async function* () {
        yield Buffer.from("half");
        throw new Error("other bytes");
      };
      const file = { key: "models/1/a.glb", bytes: 4, sha256: sha256Of(Buffer.from("half")), modifiedMs: 0 };
      await assert.rejects(files.arrivals(ID)(file, failing(), signal), /other bytes/);
      assert.deepEqual(await storeOf(place), {});
    });

    it("puts files in place as often as wanted, also by several at once, and takes them back", async () => {
      const { files, place, note } = await inPlace();
      assert.deepEqual(await storeOf(place), { ...BEFORE, ...said(ADDED, restored) });
      assert.equal(await files.isArrivalLeft(note), true);
      const [read] = await files.notes();
      assert.deepEqual({ ...read, id: ID }, note);
      const placing = () => files.placeReplaced(note, signal);
      await Promise.all([placing(), placing(), placing()]);
      await placing();
      assert.deepEqual(await storeOf(place), AFTER);
      assert.equal(await files.isArrivalLeft(note), false);

      const takingBack = () => files.takeBack(note, { wasInPlace: true, isNamed: notNamed }, signal);
      await takingBack();
      await takingBack();
      assert.deepEqual(await storeOf(place), BEFORE);
      await files.forget(note);
      assert.deepEqual(await files.notes(), []);
      assert.deepEqual(Object.keys(await place.contents()).sort(), Object.keys(BEFORE).sort());
    });

    it("takes nothing in any more of what was taken back", async () => {
      const { files, place, note } = await inPlace();
      await files.takeBack(note, { wasInPlace: true, isNamed: notNamed }, signal);
      await files.placeReplaced(note, signal);
      assert.deepEqual(await storeOf(place), BEFORE);
    });

    it("keeps what the state that counts names by now", async () => {
      const { files, place, note } = await inPlace();
      const [named, ...others] = ADDED;
      await files.takeBack(note, { wasInPlace: false, isNamed: async (key) => key === named }, signal);
      const now = await storeOf(place);
      assert.equal(now[named], restored(named));
      for (const key of others) assert.equal(now[key], undefined);
    });

    it("keeps what was restored once that is confirmed, and forgets the rest", async () => {
      const { files, place, note } = await inPlace();
      await files.placeReplaced(note, signal);
      await files.turn(note, "confirmed", "another");
      const [read] = await files.notes();
      assert.deepEqual([read.phase, read.formerId], ["confirmed", "another"]);
      await files.forget(read);
      assert.deepEqual(
        await storeOf(place),
        Object.fromEntries(Object.entries(await place.contents()).map(([k, v]) => [k, v.toString()])),
      );
      assert.deepEqual(await storeOf(place), AFTER);
    });

    it("stops where it is told to", async () => {
      const { files, place, note } = await inPlace();
      const stopped = AbortSignal.abort(new Error("stopped"));
      await assert.rejects(files.placeReplaced(note, stopped), /stopped/);
      await assert.rejects(files.takeBack(note, { wasInPlace: true, isNamed: notNamed }, stopped), /stopped/);
      assert.deepEqual(await storeOf(place), { ...BEFORE, ...said(ADDED, restored) });
    });
  });
}
