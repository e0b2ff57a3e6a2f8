// A real identity provider for the test: oidc-provider with one client and keys of its own. Prints its port; GET
// /test/rotate?alg=…&logout=… makes new keys, lets the client's ID tokens be signed with that algorithm, and its logouts be
// told at that address.
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";

const { default: Provider } = await import(process.env.OIDC_PROVIDER);
const [redirect, after, secret] = process.argv.slice(2);

function key(type, options, alg) {
  const { privateKey } = generateKeyPairSync(type, options);
  return { ...privateKey.export({ format: "jwk" }), alg, use: "sig", kid: randomUUID() };
}

let answer;
const server = createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  if (url.pathname !== "/test/rotate") return answer(request, response);
  make(url.searchParams.get("alg"), url.searchParams.get("logout") ?? "http://127.0.0.1:1/");
  response.end("new keys\n");
});

function make(alg, logout) {
  const provider = new Provider(`http://127.0.0.1:${server.address().port}`, {
    clients: [{
      client_id: "sluice", client_secret: secret, redirect_uris: [redirect], post_logout_redirect_uris: [after],
      id_token_signed_response_alg: alg, backchannel_logout_uri: logout, backchannel_logout_session_required: true,
    }],
    jwks: { keys: [key("rsa", { modulusLength: 2048 }, "RS256"), key("rsa", { modulusLength: 2048 }, "PS256"),
      key("ec", { namedCurve: "P-256" }, "ES256"), key("ed25519", {}, "EdDSA")] },
    enabledJWA: { idTokenSigningAlgValues: ["RS256", "PS256", "ES256", "EdDSA"] },
    features: { backchannelLogout: { enabled: true } },
    cookies: { keys: [randomUUID()] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  });
  answer = provider.callback();
}

server.listen(0, "127.0.0.1", () => {
  make("RS256", "http://127.0.0.1:1/");
  console.log(server.address().port);
});
