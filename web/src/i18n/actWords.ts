/** "release_propose" is a proposal: what one does stands first. */
const DOES_LAST = /^(.+)_(propose|approve|refuse)$/;

/** The code of an act in English words, to stand on a button. */
export function actWords(name: string): string {
  const last = DOES_LAST.exec(name);
  const words = (last ? `${last[2]} ${last[1]}` : name).replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
