// The door of a closed deployment: lets in who knows the token whose SHA-256 stands here, by Basic or Bearer.
import crypto from "crypto";

const TOKEN_SHA256 = "%TOKEN_SHA256%";

function token(authorization) {
  if (authorization.startsWith("Bearer ")) {
    return authorization.slice(7);
  }
  if (authorization.startsWith("Basic ")) {
    const pair = Buffer.from(authorization.slice(6), "base64").toString("utf8");
    return pair.slice(pair.indexOf(":") + 1); // whatever the name
  }
  return "";
}

function handler(event) {
  const request = event.request;
  const sent = request.headers.authorization ? request.headers.authorization.value : "";
  if (request.method === "OPTIONS" && request.headers["access-control-request-method"]) {
    return withIndex(request); // browsers ask without a token whether a page of another site may ask with one
  }
  if (crypto.createHash("sha256").update(token(sent)).digest("hex") === TOKEN_SHA256) {
    delete request.headers.authorization; // behind the door nobody needs it
    return withIndex(request);
  }
  return {
    statusCode: 401,
    statusDescription: "Unauthorized",
    headers: {
      "www-authenticate": { value: 'Basic realm="Tripane", charset="UTF-8"' },
      "cache-control": { value: "no-store" },
    },
  };
}
