import { ru } from "../../web/src/locales/ru.ts";
import { describeJourney } from "../support/journey.ts";

describeJourney({
  name: "on a phone, in Russian, in the dark",
  words: ru,
  photo: "mug.jpg",
  options: { width: 360, height: 740, language: "ru-RU", colorScheme: "dark", hasTouch: true },
});
