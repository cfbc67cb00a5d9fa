/** Texts about money and waiting; they are fetched with the views that show them. */
export const moneyEn = {
  title: "What it costs",
  price: {
    recent: "About {price} for each model, as the last ones cost.",
    setting: "About {price} for each model.",
    guess: "Probably about {price} for each model; after the first one it is known better.",
    none: "What a model costs here is not known yet.",
  },
  total: { one: "{count} model: about {price}.", other: "{count} models: about {price}." },
  balance: "Balance at the service: {balance}.",
  noBalance: "The balance at the service cannot be read just now.",
  leftRoubles: "Left of today’s limit: {roubles}.",
  leftModels: {
    one: "Left of today’s limit: {count} model.",
    other: "Left of today’s limit: {count} models.",
  },
  spent: "Spent or set aside today: {today}, this month: {month}.",
  usedUp: "Today’s limit is used up",
  usedUpHint: "It begins anew at {time}. Until then the built-in generator goes on for free.",
  notForAll: "Today’s limit is not enough for all of them",
  notForAllHint: {
    one: "It is enough for {count} more model and begins anew at {time}.",
    other: "It is enough for {count} more models and begins anew at {time}.",
  },
  waits: "What you send now waits, and goes on by itself.",
  resume: "Try again now",
  resuming: "Trying…",
  resumed: "Trying again now.",
  tries: "The service could not take it at first, so it was tried again by itself. This is try {count}.",
  sign: "The connection broke while the photo was handed over",
  signHint:
    "The service may have it already. We wait for its answer, so that nothing is paid for twice. If none comes, we ask you.",
  setAside: "About {price} is set aside for it.",
  notYet: "Nothing is charged yet; about {price} is set aside for it.",
  cost: "It cost {price}.",
  costSoFar: "It has cost {price} so far.",
  mayCost: "About {price} may be charged.",
  mayCostMore: "It cost {price}; another {more} or so may be charged.",
  nothing: "Nothing was charged.",
  goOn: "Go on with it after all (free)",
  damaged: "The finished model came damaged",
  canceledMayCost:
    "The service took the work, or may have: about {price} may be charged. If the model comes, it is kept for you here.",
  keptUntil: "Kept for you until {day}.",
  confirm:
    "The connection broke before the service answered, so the first attempt may already be charged (about {price}). Look at the service’s account first, or wait a little: the model may still turn up by itself. Another attempt may cost about {price} again.",
} as const;
