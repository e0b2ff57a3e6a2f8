// Styles that components make while they run carry the nonce that the daemon put into the page (src/server/web.c): without it
// the content security policy drops them. Ant Design takes it as an option for most of its styles; for the rest (the lock of
// scrolling under a dialog, the styles of chart libraries) every style element gets it as it is made.

export function pageNonce(): string | undefined {
  return document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce || undefined;
}

export function giveNonceToStyles(): void {
  const nonce = pageNonce();
  const create = document.createElement.bind(document);
  document.createElement = ((tag: string, options?: ElementCreationOptions) => {
    const element = create(tag, options);
    if (nonce && element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  }) as typeof document.createElement;
}
