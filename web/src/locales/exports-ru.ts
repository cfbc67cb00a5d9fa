import type { Wording } from "../i18n/messages.ts";
import type { exportsEn } from "./exports-en.ts";

export const exportsRu: Wording<typeof exportsEn> = {
  title: "Другие форматы",
  text: "Делаются в настоящем размере, когда понадобятся; это может занять минуту.",
  preparing: "Готовится…",
  ready: "{name}: готов",
  kinds: {
    usdz: { name: "USDZ", hint: "Примерить в комнате: iPhone и iPad" },
    ar: { name: "GLB для AR", hint: "Примерить в комнате: Android" },
    stl: { name: "STL", hint: "3D-печать в один цвет" },
    "3mf": { name: "3MF", hint: "Цветная 3D-печать" },
    obj: { name: "OBJ", hint: "Почти любая 3D-программа; ZIP с текстурами" },
    compatible: { name: "GLB, полное качество", hint: "Игровые движки, программы без WebP" },
    turntable: { name: "Вращение", hint: "Анимация WebP для чатов и магазинов" },
  },
};
