/** The pages of a running system, as somebody who is signed in there uses them. */
export interface SignedIn {
  /** The button that publishes an announcement; resolves when it is in force. */
  publish(texts: Readonly<Record<string, string>>, alsoWaiting?: boolean): Promise<void>;
}

/** A message about drinking water in every language with a voice: what a crisis brings. */
export const waterTexts: Readonly<Record<string, string>> = {
  sv: "Viktigt meddelande. Vattnet i Bromma är otjänligt. Koka vattnet innan du dricker det. Du behöver inte ringa om det.",
  en: "Important message. The water in Bromma is not safe. Boil the water before you drink it. You need not call about it.",
  fi: "Tärkeä viesti. Bromman vesi ei ole juomakelpoista. Keitä vesi ennen kuin juot sitä. Sinun ei tarvitse soittaa siitä.",
  ar: "رسالة مهمة. الماء في بروما غير صالح للشرب. اغلوا الماء قبل شربه. لا حاجة للاتصال بهذا الشأن.",
  fa: "پیام مهم. آب بروما آشامیدنی نیست. آب را پیش از نوشیدن بجوشانید. نیازی به تماس نیست.",
  es: "Mensaje importante. El agua de Bromma no es potable. Hierva el agua antes de beberla. No hace falta llamar por esto.",
  pl: "Ważna wiadomość. Woda w Brommie nie nadaje się do picia. Proszę ją przegotować. Nie trzeba dzwonić w tej sprawie.",
  tr: "Önemli mesaj. Bromma'daki su içilmez. Suyu içmeden önce kaynatın. Bunun için aramanıza gerek yok.",
  ku: "Peyama girîng. Ava Bromma ne baş e. Berî vexwarinê avê bikelîne. Ne hewce ye ku hûn telefon bikin.",
};

/** Signs in. `origin`: "http://127.0.0.1:8080". */
export async function signInAt(origin: string, user: string, password: string): Promise<SignedIn> {
  let cookie = "";
  const send = async (path: string, body: object): Promise<Response> => {
    const headers = { "content-type": "application/json", origin, cookie };
    const reply = await fetch(origin + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!reply.ok) throw new Error(`POST ${path}: ${reply.status} ${await reply.text()}`);
    return reply;
  };
  const session = await send("/api/session", { user, password });
  cookie = session.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  return {
    async publish(texts, alsoWaiting = false) {
      await send("/api/announcements", { where: "all", texts, recordings: {}, minutes: 60, alsoWaiting });
    },
  };
}
