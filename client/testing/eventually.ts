/** Waits until `condition` holds; the test runner's time limit is the only other end. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2))
}
