internal import Caisson

/// Node's own `https`. It looks at no proxy variable, so the script asks the proxy for a tunnel as its libraries do.
struct NodeInside: InsideClient {
    let name = "node"
    let programs = ["node", "nodejs"]

    private static let script = """
        const https = require("https"), http = require("http");
        const url = new URL(process.argv[1]), limit = 1000 * process.argv[2];
        const fail = error => { console.error(error.code || "", error.message); process.exit(1); };
        const ask = socket => {
          const options = socket ? { socket, agent: false } : {};
          https.request(url, options, () => process.exit(0)).on("error", fail).end();
        };
        setTimeout(() => fail(new Error("no answer in time")), limit);
        const text = process.env.https_proxy || process.env.HTTPS_PROXY;
        if (!text) ask(); else {
          const proxy = new URL(text), path = url.hostname + ":" + (url.port || 443), headers = { host: path };
          const login = decodeURIComponent(proxy.username) + ":" + decodeURIComponent(proxy.password);
          if (proxy.username) headers["proxy-authorization"] = "Basic " + Buffer.from(login).toString("base64");
          const way = proxy.protocol === "https:" ? https : http;
          const options = { host: proxy.hostname, port: proxy.port || 1080, method: "CONNECT", path, headers };
          way.request(options).on("connect", (answer, socket) =>
            answer.statusCode === 200 ? ask(socket) : fail(new Error("the proxy answers " + answer.statusCode))
          ).on("error", fail).end();
        }
        """

    func arguments(for endpoint: Endpoint, through proxy: InsideProxy?, seconds: Int) -> [String] {
        ["-e", Self.script, "\(endpoint)/", "\(seconds)"]
    }
}
