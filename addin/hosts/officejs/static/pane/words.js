/** Figures and times as people read them. */

const MINUS = "\u2212";

/** Points with sign and one decimal: −7.4, +0.8, 0.0. */
export function signed(points, digits = 1) {
  const text = Math.abs(points).toFixed(digits);
  if (Number(text) === 0) return text;
  return (points < 0 ? MINUS : "+") + text;
}

/** A number without sign, one decimal. */
export function tenth(number) {
  return number.toFixed(1);
}

/** 09:41 */
export function clock(time) {
  return [time.getHours(), time.getMinutes()].map((n) => String(n).padStart(2, "0")).join(":");
}

/** The day where the person is: 2026-11-22. */
export function today() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** 1 day, 2 days */
export function count(number, word) {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}
