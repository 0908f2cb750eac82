import "@fontsource-variable/source-sans-3/wght.css";
import "./style/tokens.css";
import "./style/base.css";
import "./style/parts.css";
import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { MissingPage } from "./pages/MissingPage.tsx";
import { StartPage } from "./pages/StartPage.tsx";
import { FailedPage } from "./parts/FailedPage.tsx";
import { LoadingPage } from "./parts/LoadingPage.tsx";
import { startTexts } from "./text/text.ts";

/** The pages by path. Each is loaded when asked for: sip.js only with the telephones, the charts only with the statistics. */
const pages = {
  "/": StartPage,
  "/agent": lazy(() => import("./pages/agent/AgentPage.tsx")),
  "/phone": lazy(() => import("./pages/phone/PhonePage.tsx")),
  "/statistics": lazy(() => import("./pages/statistics/StatisticsPage.tsx")),
  "/competence": lazy(() => import("./pages/competence/CompetencePage.tsx")),
  "/crisis": lazy(() => import("./pages/crisis/CrisisPage.tsx")),
  "/matters": lazy(() => import("./pages/matters/MattersPage.tsx")),
  "/survey": lazy(() => import("./pages/survey/SurveyPage.tsx")),
  "/live": lazy(() => import("./pages/board/BoardPage.tsx")),
};

startTexts();
const path = location.pathname.replace(/(.)\/$/, "$1");
const CurrentPage = path in pages ? pages[path as keyof typeof pages] : MissingPage;
const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element with the id root");
createRoot(root).render(
  <StrictMode>
    <FailedPage>
      <Suspense fallback={<LoadingPage />}>
        <CurrentPage />
      </Suspense>
    </FailedPage>
  </StrictMode>,
);
