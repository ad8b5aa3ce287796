// What the server tells in English is read in Korean in a browser that speaks Korean.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { ask, confirm, giveUp } from "./asking.mjs";
import { Browser, enter, quietlyIn, shoot, visit } from "./console.mjs";
import { Server } from "./server.mjs";
import { rowsOf } from "./shown.mjs";

const HERE = { lat: 37.5665, lng: 126.978 };
const FARTHER = { lat: 37.58, lng: 126.978 };

export const koreanTests = () =>
  describe("in Korean", { concurrency: 1 }, () => {
    let server;
    let browser;
    const quietly = quietlyIn(() => browser);

    before(async () => {
      server = await new Server().start();
      browser = await Browser.open();
      for (const place of [HERE, FARTHER])
        await server.ask("POST", "/couriers", {
          name: "김기사",
          tel: "01087654321",
          ...place,
        });
      await server.ask("POST", "/pickupcalls", { tel: "01012345678", ...HERE });
    });

    after(async () => {
      await browser?.close();
      await server?.remove();
    });

    /** The Korean console, on a page. */
    async function open(hash) {
      const page = await browser.window({ locale: "ko-KR" });
      await enter(page, server, hash);
      return page;
    }

    const effectsOf = (dialog) =>
      dialog.locator(".effects li").allTextContents();

    quietly("why a courier was chosen, and another not", async () => {
      const page = await open("#/calls/pickup/1?tab=explain");
      const rows = await rowsOf(page, "검토한 기사");
      assert.deepEqual(
        rows.map((one) => one.이유),
        [
          "올 수 있는 기사 가운데 가장 가깝습니다",
          "1번 기사보다 1501.1 m 더 멉니다",
        ],
      );
      await shoot(page, "explain-korean");
    });

    quietly("what happened to a call", async () => {
      const page = await open("#/calls/pickup/1");
      await page.locator(".timeline li").first().waitFor();
      const from = (source) =>
        page
          .locator(`.timeline .from-${source}`)
          .evaluateAll((all) =>
            all.map(
              (one) =>
                `${one.querySelector(".badge").textContent}: ` +
                `${one.querySelector("strong").textContent} (` +
                `${one.querySelector("p").textContent})`,
            ),
          );
      assert.deepEqual(await from("journal"), [
        "저널: 호출됨 (요청됨)",
        "저널: 접수됨 (배차 중)",
        "저널: 기사 할당 (확정, 1번 기사, 거리 0 m)",
      ]);
      const [told, ...more] = await from("message");
      assert.match(
        told,
        /^메시지: 고객에게 알림: 기사 확정 \((알림|대기 중)\)$/,
      );
      assert.deepEqual(more, []);
      await shoot(page, "timeline-korean");
    });

    quietly("what an action would do", async () => {
      const page = await open("#/calls/pickup/1");
      assert.deepEqual(await effectsOf(await ask(page, "cancel")), [
        "호출의 진행: 취소",
        "1번 기사가 이 일을 잃습니다",
        "고객에게 알립니다: 취소",
      ]);
      await giveUp(page.getByRole("dialog"));
      await visit(page, "#/actors/courier/1");
      assert.deepEqual(await effectsOf(await ask(page, "hang")), [
        "다음 메시지를 처리할 때 500밀리초 동안 아무것도 하지 않습니다",
      ]);
    });

    quietly("how an actor ended and what followed", async () => {
      const page = await open("#/actors/courier/2");
      const dialog = await ask(page, "kill");
      const supervisor = "감독자(couriers pickup/0)가 다시 시작합니다.";
      assert.deepEqual(await effectsOf(dialog), [
        `${supervisor} 저장된 것은 다시 읽습니다`,
      ]);
      await confirm(dialog);
      const story =
        "courier 2 액터가 운영자 operator의 지시로 끝났습니다: 강제 종료. " +
        supervisor;
      for (const where of ["[data-restart] p", ".toast p"])
        await page.locator(where).getByText(story, { exact: true }).waitFor();
      await shoot(page, "story-korean");
    });
  });
