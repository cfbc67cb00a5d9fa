/** The address that opens Quick Look at true size: the fragment forbids the visitor's pinch to scale. */
export const quickLookUrl = (usdz: string): string => `${usdz.split("#")[0]}#allowsContentScaling=0`;
