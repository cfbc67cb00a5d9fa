import { useMutation } from "@tanstack/react-query";
import { Rotate3d } from "lucide-react";
import { useState } from "react";
import { refusingViewers } from "../../../../server/contract/ar-viewers.ts";
import type { Model } from "../../../../server/contract/model.ts";
import { createShare, listShares } from "../../api/shares.ts";
import { type ArWay, planAr } from "../../ar/ar-plan.ts";
import { quickLookUrl } from "../../ar/quick-look.ts";
import { sceneViewerUrl } from "../../ar/scene-viewer.ts";
import { startAr } from "../../ar/web-xr/start-ar.ts";
import { Button, buttonClass } from "../button.tsx";
import { ErrorNotice } from "../error-notice.tsx";
import { Notice } from "../notice.tsx";
import styles from "./share.module.css";
import { useDevice } from "./use-device.ts";
import { useSharingI18n } from "./use-sharing-i18n.ts";

const HOUR_MS = 3_600_000;

/** A link that works for an hour at least: one that exists, or a new one for a day. */
async function linkFor({ id, name }: Model): Promise<string> {
  const subject = { kind: "model", id, name } as const;
  const { items } = await listShares(subject);
  const works = items.find(({ expiresAt }) => !expiresAt || Date.parse(expiresAt) > Date.now() + HOUR_MS);
  return (works ?? (await createShare(subject, { expiresInDays: 1 }))).url;
}

/** Google's viewer is not signed in: it gets the model through a share link. */
async function openSceneViewer(model: Model): Promise<void> {
  const page = await linkFor(model);
  location.href = sceneViewerUrl({
    file: `${page}/ar.glb`,
    title: model.name,
    fallback: `${page}#ar-failed`,
    link: page,
  });
}

/** On a phone or a headset: the model in the visitor's room. On a computer there is nothing here. */
export default function RoomButton({ model }: { model: Model }) {
  const { s } = useSharingI18n();
  const device = useDevice();
  const [trouble, setTrouble] = useState<string | null>(null);
  const scene = useMutation({ mutationFn: () => openSceneViewer(model) });
  if (!device || !model.files.glb) return null;

  const file = (name: string) => new URL(`/api/v1/models/${model.id}/files/${name}`, location.href).href;
  const plan = planAr(device, {
    arUrl: file("ar.glb"),
    usdzUrl: file("model.usdz"),
    tooLarge: refusingViewers(model.arAdvice),
  });
  if (plan.note === "no-phone") return null;

  // Google's viewer needs a link, which is not everybody's to make.
  const ways = [plan.way, plan.other].filter((way) => way && (way !== "scene-viewer" || model.canChange));
  const live = () => {
    const keys = ["label", "loading", "search", "tap", "placed", "close", "failed", "noModel"] as const;
    return Object.fromEntries(keys.map((key) => [key, s(`ar.live.${key}`)])) as Record<
      (typeof keys)[number],
      string
    >;
  };
  const webXr = async () =>
    setTrouble(await startAr(new URL(model.files.glb!.url, location.href).href, live()));
  const button = (way: ArWay, first: boolean) => {
    const variant = first ? "primary" : "plain";
    if (way === "quick-look") {
      return (
        <a key={way} rel="ar" href={quickLookUrl(file("model.usdz"))} className={buttonClass(variant)}>
          <img src={model.files.thumbnail?.url ?? "/favicon.svg"} alt="" width={28} height={28} />
          {s("ar.button")}
        </a>
      );
    }
    const words = first ? s("ar.button") : s(way === "web-xr" ? "ar.inPage" : "ar.scene");
    const press = () => (way === "web-xr" ? void webXr() : scene.mutate());
    return (
      <Button key={way} variant={variant} disabled={scene.isPending} onClick={press}>
        <Rotate3d size={18} aria-hidden /> {words}
      </Button>
    );
  };
  const browser = device.system === "ios" ? "Safari" : "Chrome";
  return (
    <>
      {ways.map((way, index) => way && button(way, index === 0))}
      {plan.note && (
        <p className={`${styles.soft} ${styles.whole}`}>
          {s(`ar.notes.${plan.note}`, { app: device.inApp || s("ar.thisApp"), browser })}
        </p>
      )}
      {scene.error && <ErrorNotice error={scene.error} title={s("failed")} />}
      {trouble && <Notice tone="error" role="alert" title={trouble} />}
    </>
  );
}
