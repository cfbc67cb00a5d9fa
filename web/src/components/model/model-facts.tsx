import type { ReactNode } from "react";
import type { Model } from "../../../../server/contract/model.ts";
import { formatBytes } from "../../i18n/format.ts";
import styles from "./model-facts.module.css";
import { shownSize } from "./shown-size.ts";
import { useModelI18n } from "./use-model-i18n.ts";

/** What is known of the mesh and its files. */
export function ModelFacts({ model }: { model: Model }) {
  const { t, language } = useModelI18n();
  const { stats, files, provider, network } = model;
  const count = (value: number) => new Intl.NumberFormat(language).format(value);
  const textures = stats.textures.map(({ width, height }) => `${count(width)} × ${count(height)}`);
  // Rounded down: only what is equal is wholly like the original.
  const likeness = (ssim: number) =>
    t("model.facts.likenessValue", { percent: count(Math.max(0, Math.floor(ssim * 100))) });
  const maker =
    provider === null
      ? t("model.facts.imported")
      : provider === "local"
        ? t("model.facts.local")
        : [provider, network].filter(Boolean).join(", ");
  const rows: Array<[string, ReactNode]> = [
    [t("model.facts.size"), shownSize(model, language)],
    [t("model.facts.triangles"), count(stats.triangles)],
    [t("model.facts.vertices"), count(stats.vertices)],
    [t("model.facts.materials"), count(stats.materials)],
    [t("model.facts.textures"), textures.length ? textures.join(", ") : t("model.facts.noTextures")],
    [
      t("model.facts.watertight"),
      t(stats.watertight ? "model.facts.watertightYes" : "model.facts.watertightNo"),
    ],
    ...(files.glb
      ? [[t("model.facts.file"), formatBytes(files.glb.bytes, language)] as [string, ReactNode]]
      : []),
    ...(stats.quality
      ? [[t("model.facts.likeness"), likeness(stats.quality.ssim)] as [string, ReactNode]]
      : []),
    [t("model.facts.madeBy"), maker],
  ];
  return (
    <section className={styles.card}>
      <h2>{t("model.facts.title")}</h2>
      <dl className={styles.facts}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.soft}>
        {t("model.created", {
          date: new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(new Date(model.createdAt)),
        })}
      </p>
    </section>
  );
}
