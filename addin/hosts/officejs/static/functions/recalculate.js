/** Asks Excel to compute the workbook anew, for cells that show an old failure. */

const TRIES = 15;
const WAIT = 2_000;

/** Excel refuses while a cell is being edited, so it is asked again until that is over. */
export async function recalculate() {
  const { Excel } = globalThis;
  if (typeof Excel?.run !== "function") return;
  for (let tried = 0; tried < TRIES; tried += 1) {
    try {
      await Excel.run(async (context) => {
        context.workbook.application.calculate(Excel.CalculationType.full);
        await context.sync();
      });
      return;
    } catch {
      await new Promise((resolve) => { setTimeout(resolve, WAIT); });
    }
  }
}
