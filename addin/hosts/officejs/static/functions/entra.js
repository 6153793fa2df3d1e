/** Sign-in with the account that Excel is signed in with (Entra ID). */

import { RequestError } from "./exchange.js";
import { office } from "./office.js";

const AGAIN = "Close Excel, open it again and sign in.";
/** What a person can do about Excel's own codes; all others are for the administrator. */
const HELP = new Map([
  [13001, "Excel is not signed in. Sign in to Excel with your work account."],
  [13002, "The sign-in was cancelled. Sign in again and accept."],
  [13003, "Excel is signed in with a private account. Sign in with your work account."],
  [13006, `Excel could not sign in. ${AGAIN}`],
  [13008, "A sign-in is under way. Finish it, then try again."],
  [13010, "Add this site to the trusted zone of your browser, then sign in again."],
]);

/**
 * A token for the server.
 * @param {{ask: boolean}} how whether Excel may put questions to the person
 * @returns {Promise<string>}
 * @throws {RequestError}
 */
export async function entraToken({ ask }) {
  const auth = (await office())?.auth;
  if (typeof auth?.getAccessToken !== "function") {
    throw new RequestError("This Excel cannot sign in here. Update Excel, or use it on the web.");
  }
  try {
    return await auth.getAccessToken({ allowSignInPrompt: ask, allowConsentPrompt: ask });
  } catch ({ code }) {
    const other = `Excel could not sign in (${code}). Show this number to your administrator.`;
    throw new RequestError(HELP.get(code) ?? other, { status: 401, code: String(code) });
  }
}
