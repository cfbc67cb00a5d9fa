/** Whether people sign in on this server: it says so in its page, so that nothing has to be asked for. */
export const hasAccounts = document.querySelector('meta[name="accounts"]') !== null;
