// Draws phones from the demo's event stream, and posts what is done on them: all that is shown came over the wire.

const PHONES = ["telegram", "whatsapp", "sms", "staff"];
const KEPT = "frontdesk-try";
const HELLO = { en: "hello", fr: "bonjour", es: "hola" };
const STAFF_WORD = { en: "today", fr: "aujourd’hui", es: "hoy" };
const PLACES = [
  { title: "Bristol Harbourside", detail: "the old docks, by the water", lat: 51.4489, lon: -2.5986 },
  { title: "Clifton, Bristol", detail: "near the suspension bridge", lat: 51.4546, lon: -2.6203 },
  { title: "Bath Abbey", detail: "the middle of Bath", lat: 51.3814, lon: -2.359 },
  { title: "Keynsham", detail: "half-way between the two", lat: 51.4137, lon: -2.4966 },
];
const TICKS = { accepted: "clock", queued: "clock", sending: "clock", sent: "tick", delivered: "ticks", read: "ticks", failed: "fail", undelivered: "fail" };
const SVG = "http://www.w3.org/2000/svg";
const GSM = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const GSM_DOUBLE = new Set("^{}\\[~]|€\f");

const $ = (id) => document.getElementById(id);

// ---- making elements; every text is set as text

function el(tag, { class: name, on = {}, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  for (const [event, handler] of Object.entries(on)) made.addEventListener(event, handler);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== null && child !== ""));
  return made;
}

function drawn(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const icon = (name, attributes = {}) => drawn("svg", { "aria-hidden": "true", ...attributes }, drawn("use", { href: `#i-${name}` }));

const clock = (at) => new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

function linked(text) {
  const pieces = text.split(/(https?:\/\/[^\s<>"]+)/);
  return pieces.map((piece, index) => (index % 2 ? el("a", { href: piece, target: "_blank", rel: "noopener noreferrer" }, piece) : piece));
}

function toast(text) {
  const shown = el("p", { class: "toast" }, text);
  document.querySelector(".toasts").append(shown);
  setTimeout(() => shown.remove(), 6000);
}

// ---- a map of nowhere in particular, the same for the same place

function mapOf(lat, lon) {
  let seed = Math.abs(Math.round(lat * 9973 + lon * 7919)) % 2147483647 || 1;
  const chance = (low, high) => {
    seed = (seed * 48271) % 2147483647;
    return low + ((seed % 10000) / 10000) * (high - low);
  };
  const wide = 246, high = 128, tilt = chance(-24, 24);
  const streets = drawn("g", { transform: `rotate(${tilt} ${wide / 2} ${high / 2})` });
  for (let index = 0; index < 9; index += 1) {
    streets.append(drawn("rect", { class: "block", x: chance(-20, wide), y: chance(-20, high), width: chance(18, 48), height: chance(12, 30), rx: 2 }));
  }
  streets.append(drawn("rect", { class: "park", x: chance(10, 60), y: chance(-10, 20), width: chance(44, 70), height: chance(30, 44), rx: 9 }));
  const paths = [];
  for (let x = -40; x < wide + 60; x += chance(30, 52)) paths.push([`M${x} -80V${high + 80}`, 3.5]);
  for (let y = -30; y < high + 50; y += chance(24, 40)) paths.push([`M-80 ${y}H${wide + 80}`, 3.5]);
  paths.push([`M-80 ${chance(40, 90)}C60 ${chance(20, 100)} 180 ${chance(20, 100)} ${wide + 80} ${chance(30, 100)}`, 7]);
  const river = drawn("path", { class: "water", d: `M-60 ${high + 10}C40 ${chance(70, 130)} 120 ${chance(90, 130)} ${wide + 60} ${chance(70, 120)}`, "stroke-width": 17 });
  streets.append(river);
  for (const [d, width] of paths) streets.append(drawn("path", { class: "edge", d, "stroke-width": width + 2 }));
  for (const [d, width] of paths) streets.append(drawn("path", { class: "road", d, "stroke-width": width }));
  const x = wide / 2, y = high / 2 + 14;
  return drawn("svg", { class: "map", viewBox: `0 0 ${wide} ${high}`, role: "img", "aria-label": "Map with a pin" },
    streets,
    drawn("circle", { class: "ring", cx: x, cy: y, r: 15 }),
    drawn("path", { class: "pin", d: `M${x} ${y}c-4 -9 -13 -15 -13 -25a13 13 0 0 1 26 0c0 10 -9 16 -13 25z` }),
    drawn("circle", { class: "hole", cx: x, cy: y - 25, r: 4.6 }));
}

// ---- how text messages are counted

function segmentsOf(text) {
  const letters = [...text];
  const plain = letters.every((letter) => GSM.has(letter) || GSM_DOUBLE.has(letter));
  const width = (letter) => (plain ? (GSM_DOUBLE.has(letter) ? 2 : 1) : letter.length);
  const [alone, joined] = plain ? [160, 153] : [70, 67];
  const total = letters.reduce((sum, letter) => sum + width(letter), 0);
  if (total <= alone) return { segments: 1, left: alone - total };
  let segments = 1, used = 0;
  for (const letter of letters) {
    if (used + width(letter) > joined) [segments, used] = [segments + 1, 0];
    used += width(letter);
  }
  return { segments, left: joined - used };
}

// ---- one phone

class Phone {
  constructor(name, page) {
    this.name = name;
    this.page = page;
    this.isTelegram = name === "telegram" || name === "staff";
    this.root = $(name);
    this.log = this.root.querySelector(".log");
    this.form = this.root.querySelector(".compose");
    this.input = this.form.elements.text;
    this.sheet = this.root.querySelector(".sheet");
    this.veil = this.root.querySelector(".veil");
    this.keysBox = this.root.querySelector(".keys");
    this.startBox = this.root.querySelector(".start");
    this.behind = this.root.querySelector(".behind ol");
    this.count = this.root.querySelector(".count");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.root.querySelector(".attach")?.addEventListener("click", (event) => this.choosePlace(event.currentTarget, (place) => this.share(place)));
    this.root.querySelector(".commands")?.addEventListener("click", (event) => this.chooseCommand(event.currentTarget));
    this.startBox?.querySelector("button").addEventListener("click", () => this.say(this.page.starts[this.name] ?? "/start"));
    this.veil?.addEventListener("click", () => this.closeSheet());
    this.sheet?.addEventListener("keydown", (event) => this.inSheet(event));
    this.reset();
  }

  reset() {
    this.items = new Map();
    this.rows = new Map();
    this.lines = 0;
    this.log.replaceChildren();
    this.behind.replaceChildren();
    this.count.textContent = "";
    this.waiting = null;
    this.setKeys([]);
    this.closeSheet();
    this.greet();
  }

  // ---- what came

  begin(state, person) {
    this.reset();
    this.person = person;
    this.root.querySelector(".person").textContent = person.number ? spaced(person.number) : `${person.name} · id ${person.id}`;
    this.log.setAttribute("lang", this.page.language);
    this.log.setAttribute("aria-live", "off");
    this.greet();
    for (const item of state.items) this.put(item, false);
    for (const line of state.behind) this.note(line);
    this.setKeys(state.keys);
    this.toEnd(false);
    setTimeout(() => this.log.setAttribute("aria-live", "polite"), 300);
  }

  put(item, fresh = true) {
    const old = this.rows.get(item.id);
    const stays = this.isAtEnd();
    const hadFocus = old?.contains(document.activeElement);
    this.items.set(item.id, item);
    const row = this.drawn(item);
    if (!item.mine && !old) this.stopWaiting();
    if (old) {
      row.className = old.className.replace(" fresh", "");
      old.replaceWith(row);
    } else {
      this.leaveGreeting();
      if (fresh) row.classList.add("fresh");
      this.log.insertBefore(row, this.waiting);
    }
    this.rows.set(item.id, row);
    this.group();
    if (hadFocus) this.toInput();
    if (fresh && (item.mine || stays || !old)) this.toEnd();
    if (fresh && !item.mine && !old) this.page.unread(this);
  }

  gone({ id }) {
    this.rows.get(id)?.remove();
    this.rows.delete(id);
    this.items.delete(id);
    this.group();
  }

  ticks({ id, ticks }) {
    const item = this.items.get(id);
    if (!item) return;
    item.ticks = ticks;
    const meta = this.rows.get(id)?.querySelector(".meta");
    if (meta) meta.replaceWith(this.metaOf(item));
  }

  // ---- drawing messages

  drawn(item) {
    const bubble = el("div", { class: "bubble" });
    const row = el("div", { class: "message", "data-id": item.id },
      el("span", { class: "unseen" }, item.mine ? "You: " : item.carrier ? "Carrier: " : "Desk: "), bubble);
    row.classList.toggle("mine", Boolean(item.mine));
    row.classList.toggle("carrier", Boolean(item.carrier));
    if (item.quote && this.items.has(item.quote)) bubble.append(this.quoted(this.items.get(item.quote)));
    if (item.place) bubble.append(this.placeOf(item));
    if (item.file) bubble.append(this.fileOf(item));
    if (item.text && !isCaptionOf(item)) bubble.append(el("span", { class: "text" }, ...linked(item.text)));
    if (item.detail && item.detail !== item.text) bubble.append(el("span", { class: "detail" }, item.detail));
    bubble.append(this.metaOf(item));
    if (item.list) bubble.append(this.chooserOf(item));
    if (item.rows) row.append(this.buttonsOf(item));
    if (item.replies) row.append(this.repliesOf(item));
    return row;
  }

  metaOf(item) {
    const parts = [];
    if (this.name === "sms") {
      parts.push(clock(item.at), `${item.segments ?? 1} SMS`);
      if (!item.mine && item.encoding) parts.push(item.encoding);
      if (item.ticks && !item.mine) parts.push(item.ticks);
      if (item.mine && item.ticks === "failed") parts.push("not sent");
      return el("span", { class: "meta" }, parts.join(" · "));
    }
    if (item.edited) parts.push("edited ");
    parts.push(clock(item.at));
    if (item.ticks) parts.push(this.tickOf(item));
    return el("span", { class: "meta" }, ...parts);
  }

  tickOf(item) {
    const shown = this.isTelegram && item.ticks === "delivered" ? "tick" : TICKS[item.ticks];
    const said = { failed: "not sent", undelivered: "not delivered" }[item.ticks] ?? item.ticks;
    const receipt = item.mine ? said : `${said} (the receipt that the desk got)`;
    const tick = icon(shown, { class: shown === "fail" ? "fail" : item.mine ? item.ticks : "receipt" });
    return el("span", { title: receipt }, tick, el("span", { class: "unseen" }, `, ${said}`));
  }

  quoted(item) {
    return el("div", { class: "quote" }, el("b", {}, item.mine ? "You" : this.page.clinic), el("span", {}, item.text ?? item.place?.title ?? ""));
  }

  placeOf({ place, text = "" }) {
    const named = place.title || "Location";
    const below = place.address || text.split("\n").slice(1).join(", ") || `${place.lat.toFixed(4)}, ${place.lon.toFixed(4)}`;
    return el("div", { class: "place" }, mapOf(place.lat, place.lon), el("b", {}, named), el("small", {}, below));
  }

  fileOf(item) {
    const { name, size } = item.file;
    return el("a", { class: "file", href: `/try/sessions/${this.page.id}/${this.name}/files/${item.id}`, download: name },
      el("span", { class: "disc" }, icon("file")), el("span", {}, el("b", {}, name), el("small", {}, `${size} bytes, ${name.endsWith(".ics") ? "calendar entry" : "table"}`)));
  }

  buttonsOf(item) {
    let place = -1;
    const rows = item.rows.map((labels) => el("div", { class: "row" }, ...labels.map((label) => {
      const at = (place += 1);
      return el("button", { type: "button", on: { click: (event) => this.tap(item, at, event.currentTarget) } }, label);
    })));
    return el("div", { class: "buttons", role: "group", "aria-label": "Choices" }, ...rows);
  }

  repliesOf(item) {
    const replies = item.replies.map((title, at) =>
      el("button", { type: "button", on: { click: (event) => this.tap(item, at, event.currentTarget) } }, icon("reply"), title));
    return el("div", { class: "replies", role: "group", "aria-label": "Quick replies" }, ...replies);
  }

  chooserOf(item) {
    const open = (event) => this.openSheet(item.list.button, event.currentTarget, item.list.items.map((row, at) => ({
      title: row.title, detail: row.detail, radio: true, pick: () => this.tap(item, at),
    })));
    return el("button", { type: "button", class: "choose", "aria-haspopup": "dialog", on: { click: open } }, icon("list"), item.list.button);
  }

  group() {
    let before = null;
    for (const row of this.log.querySelectorAll(".message:not(.waiting)")) {
      const turns = !before || before.classList.contains("mine") !== row.classList.contains("mine");
      row.classList.toggle("first", turns);
      row.classList.add("last");
      if (before && !turns) before.classList.remove("last");
      before = row;
    }
  }

  // ---- the beginning

  greet() {
    if (this.log.querySelector(".message, .hello")) return;
    const word = (this.name === "staff" ? STAFF_WORD : HELLO)[this.page.language ?? "en"];
    const about = {
      telegram: ["What can this bot do?", "Book, move and cancel appointments at the clinic. Press Start, or write."],
      whatsapp: ["Say hello", "A business account. Nothing leaves this machine."],
      sms: ["No messages", "Any old phone will do. Write to the desk:"],
      staff: ["You work at the clinic", "Press Start to join its staff by a one-time code. Then write, for example:"],
    }[this.name];
    this.log.append(el("div", { class: "hello" }, el("b", {}, about[0]), el("span", {}, about[1]),
      el("button", { type: "button", on: { click: () => { this.say(word); this.toInput(); } } }, `Send “${word}”`)));
    this.startBox?.removeAttribute("hidden");
  }

  leaveGreeting() {
    const greeting = this.log.querySelector(".hello");
    if (!greeting) return;
    greeting.remove();
    this.log.prepend(el("div", { class: "day" }, "Today"));
    this.startBox?.setAttribute("hidden", "");
  }

  // ---- keys in place of the letters

  setKeys(keys) {
    if (!this.keysBox) return;
    let place = -1;
    this.keysBox.replaceChildren(...keys.map((row) => el("div", { class: "row" }, ...row.map((key) => {
      const at = (place += 1);
      const asks = key.kind === "request_location";
      return el("button", { type: "button", "aria-haspopup": asks ? "dialog" : undefined, on: { click: (event) => this.press(key, at, event.currentTarget) } }, asks ? icon("pin") : "", key.label);
    }))));
    this.keysBox.hidden = !keys.length;
    this.toEnd(false);
  }

  press(key, place, button) {
    if (key.kind === "request_location") {
      this.choosePlace(button, ({ lat, lon }) => this.act({ do: "press", place, lat, lon }));
    } else {
      this.act({ do: "press", place });
    }
  }

  // ---- sheets

  openSheet(title, opener, rows) {
    const close = el("button", { type: "button", "aria-label": "Close", on: { click: () => this.closeSheet() } }, icon("close"));
    const list = rows.map(({ icon: picture, title: named, detail, radio, pick }) => el("li", {},
      el("button", { type: "button", on: { click: () => { this.closeSheet(); pick(); } } },
        picture ? icon(picture) : "", el("span", {}, el("b", {}, named), el("small", {}, detail ?? "")), radio ? el("i", { class: "radio", "aria-hidden": "true" }) : "")));
    const heading = el("h3", { id: `${this.name}-sheet` }, title);
    this.sheet.replaceChildren(el("header", {}, heading, close), el("ul", {}, ...list));
    this.sheet.setAttribute("aria-labelledby", heading.id);
    this.opener = opener;
    this.sheet.hidden = this.veil.hidden = false;
    this.setInert(true);
    this.sheet.querySelector("li button")?.focus();
  }

  closeSheet() {
    if (!this.sheet || this.sheet.hidden) return;
    this.sheet.hidden = this.veil.hidden = true;
    this.setInert(false);
    if (this.opener?.isConnected && this.opener.offsetParent) this.opener.focus({ preventScroll: true });
    else this.toInput();
  }

  setInert(inert) {
    for (const part of this.sheet.parentElement.children) {
      if (part !== this.sheet && part !== this.veil) part.inert = inert;
    }
  }

  inSheet(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.closeSheet();
      return;
    }
    const buttons = [...this.sheet.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1, Tab: event.shiftKey ? -1 : 1 }[event.key];
    if (step) {
      event.preventDefault();
      buttons[(at + step + buttons.length) % buttons.length].focus();
    }
  }

  choosePlace(opener, pick) {
    const places = PLACES.map((place) => ({ icon: "pin", title: place.title, detail: place.detail, pick: () => pick(place) }));
    places.push({ icon: "here", title: "My own position", detail: "asks the browser; goes to this demo only", pick: () => ownPosition(pick) });
    this.openSheet("Send a place", opener, places);
  }

  chooseCommand(opener) {
    const commands = this.page.commands[this.page.language] ?? [];
    this.openSheet("Menu", opener, commands.map(({ word, does }) => ({ title: `/${word}`, detail: does, pick: () => this.say(`/${word}`) })));
  }

  // ---- what is done

  submit() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.input.dispatchEvent(new Event("input"));
    this.say(text);
  }

  async say(text) {
    if (!(await this.act({ do: "say", text })) && !this.input.value) this.input.value = text;
  }

  share({ title, lat, lon }) {
    return this.act({ do: "share", lat, lon, label: title ?? "" });
  }

  async tap(item, place, button) {
    button?.setAttribute("aria-busy", "true");
    await this.act({ do: "tap", item: item.id, place });
    button?.removeAttribute("aria-busy");
    this.toInput();
  }

  // Go on by writing; where that would bring up a keyboard on the glass, it is left to the person.
  toInput() {
    if (!matchMedia("(pointer: coarse)").matches) this.input.focus({ preventScroll: true });
  }

  async act(action) {
    this.startWaiting();
    try {
      const response = await fetch(`/try/sessions/${this.page.id}/${this.name}`, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(action),
      });
      if (response.ok) {
        setTimeout(() => this.stopWaiting(), 6000);
        return true;
      }
      toast(response.status === 404 ? "This conversation is over; new people are on their way." : "That could not be sent.");
      if (response.status === 404) this.page.begin();
    } catch {
      toast("The demo cannot be reached just now.");
    }
    this.stopWaiting();
    return false;
  }

  startWaiting() {
    this.stopWaiting();
    const dots = el("span", { class: "typing" }, el("i"), el("i"), el("i"));
    this.waiting = el("div", { class: "message waiting first last", "aria-hidden": "true", hidden: true }, el("div", { class: "bubble" }, dots));
    this.log.append(this.waiting);
    const mine = this.waiting;
    setTimeout(() => {
      if (mine === this.waiting && !this.log.querySelector(".hello")) {
        mine.hidden = false;
        this.toEnd();
      }
    }, 350);
  }

  stopWaiting() {
    this.waiting?.remove();
    this.waiting = null;
  }

  // ---- scrolling

  isAtEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80;
  }

  toEnd(smooth = true) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: smooth && !calm ? "smooth" : "instant" });
  }

  // ---- what happens behind

  note(line) {
    const list = this.behind;
    const stays = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    const row = el("li", { "data-line": line.id }, this.lineOf(line));
    list.insertBefore(row, [...list.children].find((other) => Number(other.dataset.line) > line.id) ?? null);
    while (list.children.length > 60) list.firstElementChild.remove();
    this.lines += 1;
    this.count.textContent = `${this.lines} ${this.lines === 1 ? "request" : "requests"}`;
    if (stays) list.scrollTop = list.scrollHeight;
  }

  lineOf(line) {
    const wrong = line.status < 200 || line.status >= 300;
    const parts = [
      el("span", { class: "way" }, line.way === "in" ? "to desk" : "by desk"),
      el("span", { class: "what" }, line.what),
      el("span", { class: wrong ? "code wrong" : "code" }, String(line.status || "none")),
      line.ms === undefined ? "" : el("span", { class: "ms" }, `in ${line.ms} ms`),
      line.why ? el("span", { class: "took" }, line.why) : "",
    ];
    if (!line.detail || !Object.keys(line.detail).length) return el("div", { class: "plain" }, ...parts);
    const details = el("details", {}, el("summary", {}, ...parts));
    details.addEventListener("toggle", () => details.append(el("pre", {}, JSON.stringify(opened(line.detail), null, 2))), { once: true });
    return details;
  }
}

const spaced = (number) => number.replace(/^(\+1)(\d{3})(\d{3})(\d{4})$/, "$1 $2 $3 $4").replace(/^(\+\d\d)(\d{3})(\d{3})(\d{3})$/, "$1 $2 $3 $4");

// The text of a place card on WhatsApp repeats what the card shows.
const isCaptionOf = (item) => Boolean(item.place?.title) && item.text.startsWith(item.place.title);

function opened(value) {
  if (typeof value === "string" && /^[[{]/.test(value)) {
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  }
  if (value && typeof value === "object" && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, opened(held)]));
  }
  return value;
}

function ownPosition(pick) {
  if (!navigator.geolocation) {
    toast("This browser does not tell positions.");
    return;
  }
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => pick({ title: "", lat: coords.latitude, lon: coords.longitude }),
    () => toast("The browser did not tell the position."),
    { timeout: 10000 },
  );
}

// ---- the phone with keys

function wireKeypad(phone) {
  const counter = phone.root.querySelector(".counter");
  const count = () => {
    const { segments, left } = segmentsOf(phone.input.value);
    counter.textContent = `${left}/${segments}`;
  };
  const type = (change) => {
    phone.input.value = change(phone.input.value);
    count();
  };
  phone.input.addEventListener("input", count);
  for (const key of phone.root.querySelectorAll("[data-key]")) {
    key.addEventListener("click", () => type((text) => text + key.dataset.key));
  }
  const pads = {
    clear: () => type((text) => text.slice(0, -1)),
    up: () => phone.log.scrollBy({ top: -120, behavior: "smooth" }),
    down: () => phone.log.scrollBy({ top: 120, behavior: "smooth" }),
  };
  for (const [name, does] of Object.entries(pads)) phone.root.querySelector(`[data-pad="${name}"]`).addEventListener("click", does);
  count();
}

// ---- the page

class Page {
  constructor() {
    this.commands = {};
    this.starts = {};
    this.clinic = "The clinic";
    const kept = this.kept();
    this.id = kept.id;
    this.language = kept.language ?? "en";
    this.phones = Object.fromEntries(PHONES.map((name) => [name, new Phone(name, this)]));
    wireKeypad(this.phones.sms);
    this.wireTabs();
    for (const radio of document.querySelectorAll("[name=language]")) {
      radio.checked = radio.value === this.language;
      radio.addEventListener("change", () => this.begin(radio.value));
    }
    $("anew").addEventListener("click", () => this.begin());
    document.addEventListener("visibilitychange", () => this.seen());
    this.tellTime();
    setInterval(() => this.tellTime(), 5000);
  }

  // A browser has few connections to one server: a tab that nobody looks at gives its own back.
  seen() {
    clearTimeout(this.resting);
    if (document.hidden) this.resting = setTimeout(() => this.rest(), 30000);
    else if (this.rests) this.follow();
  }

  rest() {
    this.rests = Boolean(this.stream) && !this.beginning;
    if (this.rests) this.stream.close();
  }

  kept() {
    try {
      return JSON.parse(sessionStorage.getItem(KEPT)) ?? {};
    } catch {
      return {};
    }
  }

  keep() {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ id: this.id, language: this.language }));
    } catch {
      // Without storage a reload brings new people.
    }
  }

  async begin(language = this.language) {
    if (this.beginning) return;
    this.beginning = true;
    this.stream?.close();
    this.setLine("connecting");
    for (let wait = 500; ; wait = Math.min(wait * 2, 8000)) {
      try {
        const response = await fetch("/try/sessions", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ language }) });
        if (response.ok) {
          [this.id, this.language] = [(await response.json()).id, language];
          break;
        }
      } catch {
        this.setLine("no server");
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    this.beginning = false;
    this.keep();
    this.follow();
  }

  follow() {
    this.rests = false;
    const stream = (this.stream = new EventSource(`/try/sessions/${this.id}/events`));
    const on = (name, hear) => stream.addEventListener(name, (event) => stream === this.stream && hear(JSON.parse(event.data)));
    on("screen", (body) => this.show(body));
    on("item", ({ phone, ...item }) => this.phones[phone].put(item));
    on("gone", ({ phone, ...what }) => this.phones[phone].gone(what));
    on("ticks", ({ phone, ...what }) => this.phones[phone].ticks(what));
    on("keys", ({ phone, keys }) => this.phones[phone].setKeys(keys));
    on("behind", ({ phone, ...line }) => this.phones[phone].note(line));
    on("toast", ({ text }) => toast(text));
    on("ended", () => {
      stream.close();
      this.stream = null;
      this.setLine("ended");
      toast("After an hour of silence these conversations ended. “New people” begins again.");
    });
    stream.addEventListener("error", () => {
      if (stream !== this.stream) return;
      this.setLine("reconnecting");
      if (stream.readyState === EventSource.CLOSED) this.begin();
    });
  }

  show(body) {
    this.clinic = body.clinic;
    this.commands = body.commands;
    this.starts = body.starts;
    this.language = body.language;
    document.title = `Try ${body.clinic}`;
    for (const named of document.querySelectorAll(".clinic")) named.textContent = body.clinic;
    for (const radio of document.querySelectorAll("[name=language]")) radio.checked = radio.value === body.language;
    for (const name of PHONES) this.phones[name].begin(body.phones[name], body.people[name]);
    this.setLine("live");
  }

  setLine(text) {
    const line = $("line");
    line.textContent = text;
    line.classList.toggle("live", text === "live");
  }

  tellTime() {
    for (const shown of document.querySelectorAll(".clock")) shown.textContent = clock(Date.now());
  }

  // ---- tabs, where there is room for one phone

  wireTabs() {
    const tabs = PHONES.map((name) => $(`tab-${name}`));
    tabs.forEach((tab, at) => {
      tab.addEventListener("click", () => this.turnTo(PHONES[at]));
      tab.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const next = (at + step + tabs.length) % tabs.length;
        this.turnTo(PHONES[next]);
        tabs[next].focus();
      });
    });
  }

  turnTo(name) {
    document.body.dataset.shown = name;
    for (const each of PHONES) {
      const tab = $(`tab-${each}`);
      tab.setAttribute("aria-selected", String(each === name));
      tab.tabIndex = each === name ? 0 : -1;
    }
    const badge = $(`tab-${name}`).querySelector(".badge");
    badge.hidden = true;
    badge.textContent = "";
    this.phones[name].toEnd(false);
  }

  unread(phone) {
    if (phone.root.offsetParent !== null) return;
    const badge = $(`tab-${phone.name}`).querySelector(".badge");
    badge.textContent = String(Number(badge.textContent || 0) + 1);
    badge.hidden = false;
  }
}

const page = new Page();
if (page.id) page.follow();
else page.begin();
