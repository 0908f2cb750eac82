import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import t from "tap";
import { renderAgents, renderCitizen, renderReserve, renderTrunk } from "../../../src/telephony/asterisk/phones.ts";
import { checked, fillTemplate } from "../../../src/telephony/asterisk/template.ts";

t.test("a place without a value is an error, an address with @ is no place", async (t) => {
  t.equal(fillTemplate("bind = @BIND@:@PORT@", { BIND: "127.0.0.1", PORT: "5060" }), "bind = 127.0.0.1:5060");
  t.equal(fillTemplate("kontakt@stad.example", {}), "kontakt@stad.example");
  t.throws(() => fillTemplate("@BIND@", {}), { code: "SETTING_INVALID" });
});

t.test("no value can add a line or a comment of its own", async (t) => {
  for (const id of ["", "a b", "anna]\n[x", "anna;", "-x", "å", "a".repeat(65), "../x"]) {
    t.throws(() => renderAgents([{ id, deskSecret: "x" }]), { code: "SETTING_INVALID" }, JSON.stringify(id));
  }
  for (const secret of ["", "a\nb", "a;b", "a\\b", "a b"]) {
    t.throws(() => renderAgents([{ id: "anna", webrtcSecret: secret }]), { code: "SETTING_INVALID" }, JSON.stringify(secret));
  }
  t.throws(() => renderAgents([{ id: "anna", staticContact: "sip:x;y\nz" }]), { code: "SETTING_INVALID" });
  t.throws(() => renderReserve(["d-anna&Local/x"]), { code: "SETTING_INVALID" });
  t.throws(() => checked("address", "127.0.0.1\nmatch = 0.0.0.0/0", "A trunk address"), { code: "SETTING_INVALID" });
  t.throws(
    () => checked("secret", "very secret;", "The secret"),
    { message: /^The secret cannot stand/ },
    "and a refused secret is not shown",
  );
});

t.test("an agent has the telephones that were given, and no others", async (t) => {
  t.equal(renderAgents([{ id: "anna" }]), "");
  const web = renderAgents([{ id: "anna", webrtcSecret: "w" }]);
  t.match(web, /\[a-anna\]\(browser\)/);
  t.notMatch(web, /d-anna/);
  const desk = renderAgents([{ id: "anna", staticContact: "sip:127.0.0.1:5070" }]);
  t.match(desk, /\[d-anna\]\(static-place\)\ncontact = sip:127.0.0.1:5070/);
  t.notMatch(desk, /a-anna|type = auth/);
});

t.test("the reserve group rings all its telephones at once", async (t) => {
  t.equal(renderReserve([]).dial, "");
  const { dial, endpoints } = renderReserve([{ secret: "x" }, "d-anna", { staticContact: "sip:127.0.0.1:5071" }]);
  t.equal(dial, "PJSIP/reserve-1&PJSIP/d-anna&PJSIP/reserve-3");
  t.notMatch(endpoints, /d-anna/, "one that exists is not made again");
});

t.test("a reserve number is rung over the trunk, which needs a place to be called at", async (t) => {
  t.equal(renderReserve(["0850800000", "+46850800001"]).dial, "PJSIP/0850800000@trunk&PJSIP/+46850800001@trunk");
  t.match(renderTrunk({ addresses: ["10.0.0.0/8", "192.0.2.7"] }), {
    match: "match = 10.0.0.0/8\nmatch = 192.0.2.7",
    contact: "contact = sip:192.0.2.7:5060",
  });
  t.equal(renderTrunk({ addresses: ["10.0.0.0/8"] }).contact, "");
  t.equal(renderTrunk({ addresses: ["10.0.0.0/8"], contact: "sip:sbc.example:5060" }).contact, "contact = sip:sbc.example:5060");
});

t.test("the demo citizen lands where the telephone network does", async (t) => {
  t.equal(renderCitizen(undefined), "");
  t.match(renderCitizen({ secret: "x", number: "0701740605" }), /context = from-network[\s\S]*callerid = <0701740605>/);
});

t.test("every module is named once", async (t) => {
  const etc = fileURLToPath(new URL("../../../asterisk-config/etc/", import.meta.url));
  const lines = readFileSync(`${etc}modules.conf`, "utf8").match(/^(load|require) = .*/gm) ?? [];
  t.equal(new Set(lines.map((line) => line.split(" = ")[1])).size, lines.length);
  t.ok(readdirSync(etc).every((name) => name.endsWith(".conf")));
});
