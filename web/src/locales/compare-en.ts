/** Texts of the page with two models side by side. */
export const compareEn = {
  compare: {
    title: "Compare two models",
    hint: "Both move together. At one scale you see which is really larger.",
    linked: "Move together",
    sameScale: "One scale",
    swap: "Swap sides",
    choose: "Choose a model",
    change: "Another model",
    first: "Left model",
    second: "Right model",
    search: "Search models",
    results: "Models to choose from",
    loading: "Looking for models",
    none: "No model found.",
    failed: "The models could not be listed.",
    gone: "This model can't be shown. Choose another one.",
    size: "Size {size}",
    open: "Open the model",
  },
};
