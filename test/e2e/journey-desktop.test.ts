import { en } from "../../web/src/locales/en.ts";
import { describeJourney } from "../support/journey.ts";

describeJourney({
  name: "on a desktop, in English",
  words: en,
  photo: "sofa.jpg",
  options: { width: 1280, height: 860 },
});
