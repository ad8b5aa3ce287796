// 한국어. 서버가 영어로 하는 말 가운데 재시작 이야기, 판정 이유, 효과, 타임라인은 그 내용으로 여기서 문장을
// 짓고, 거절 사유와 기술적인 사유는 서버가 말한 그대로 보인다.
import type { Considered, Effect, Explanation, Labels, Restart, TimelineEvent } from '../api/types';
import type { Dictionary } from './en';

export const ko: Dictionary = {
  product: 'pickupcenter',
  skip: '본문으로 건너뛰기',
  loading: '불러오는 중…',
  nothing: '없음',
  none: '없음',
  yes: '예',
  no: '아니요',
  more: (n) => `${n}개 더`,
  asOf: (time) => `아래는 ${time} 현재의 내용입니다.`,
  unreachable: '서버에 연결할 수 없습니다.',
  unanswered: (seconds) => `서버가 ${seconds}초 안에 답하지 않았습니다.`,
  broken: '이 페이지를 표시할 수 없습니다:',
  reload: '다시 불러오기',
  pages: {
    overview: '개요',
    map: '지도',
    calls: '호출',
    couriers: '기사',
    actors: '액터',
    supervision: '감독',
    letters: '미전달 메시지',
    breakers: '차단기',
  },
  shell: {
    navigation: '페이지',
    menu: '메뉴',
    search: '호출 번호 또는 휴대폰번호',
    searchLabel: '호출 검색',
    live: '실시간',
    connecting: '연결 중…',
    lost: '연결 끊김',
    lostLong: '서버와 연결이 끊겼습니다. 수치는 이전 값이며, 다시 연결하고 있습니다.',
    notReady: '준비되지 않음',
    version: (v) => `버전 ${v}`,
    theme: '화면',
    light: '밝게',
    dark: '어둡게',
    system: '시스템',
    language: '언어',
    shortcuts: '단축키',
    signOut: '로그아웃',
    drain: '비우고 종료…',
    backup: '백업…',
    node: '노드',
    operator: (name) => `운영자 ${name}`,
    dismiss: '닫기',
    notFound: '그런 페이지가 없습니다.',
    restarted: '재시작',
    restarts: (n) => `재시작 ${n}회`,
    close: '닫기',
  },
  signIn: {
    title: '로그인',
    lead: '토큰은 pickupd를 시작한 화면과 데이터 디렉터리의 operator.token에 있습니다.',
    token: '토큰',
    operator: '이름',
    operatorHint: '모든 조치와 함께 기록됩니다.',
    button: '로그인',
    refused: '서버가 이 토큰을 받아들이지 않았습니다.',
  },
  overview: {
    callsRate: '초당 접수된 호출',
    accepted: '접수',
    assignment: '호출부터 기사까지 p99',
    assignmentHint: '중앙값',
    commit: '커밋 p99',
    post: 'POST p99',
    refused: '거절',
    perSecond: '/초',
    sinceStart: '시작 이후 접수',
    waiting: '기사를 기다리는 호출',
    scheduled: '예약',
    confirmed: '확정',
    waitingShort: '대기',
    free: '여유 있는 기사',
    ofCouriers: '전체',
    restarts: '시작 이후 재시작',
    quarantinedCalls: '호출',
    quarantinedCouriers: '기사 격리 중',
    backlog: '밀린 메시지',
    dead: '미전달',
    mailboxes: '메일함',
    mailboxesHint: '대기 시간은 시작 이후 기준, 칸 하나는 1초 동안의 p99',
    actor: '액터',
    depth: '깊이',
    highWater: '최고 수위',
    wait: '대기 p99',
    handler: '처리 p99',
    rejected: '거절',
    lastMinute: '최근 1분',
    noWait: '없음',
    atMost: (time) => `최대 ${time}`,
    stages: '단계',
    manage: '관리',
    manageHint: '새 호출을 받습니다',
    assign: '할당',
    assignHint: '기사를 찾습니다',
    running: '작동 중',
    paused: '멈춤',
    pause: '멈추기…',
    resume: '재개…',
    breakers: '차단기',
    shards: '샤드별',
    shard: '샤드',
    jobs: '할당(예약 포함)',
    room: '여유',
    machine: '노드',
    uptime: '가동 시간',
    liveCalls: '호출 액터',
    connections: '연결',
    requests: '요청',
    commits: '커밋',
    looking: '지켜보는 비용',
    ofProcessor: '(프로세서 하나 대비)',
    disk: '디스크 여유 공간',
    notTaking: '커밋을 거절하는 중',
    chartLabel: (rate) => `최근 5분 동안 초당 접수된 호출, 지금 ${rate}.`,
  },
  map: {
    hint: '끌어서 이동, 스크롤이나 +와 −로 확대·축소, 초점이 있으면 화살표로 이동합니다.',
    label: '서울의 기사와 호출 지도',
    zoomIn: '확대',
    zoomOut: '축소',
    fit: '전체',
    couriers: '기사',
    calls: '진행 중인 호출',
    truncated: (couriers, calls) =>
      `일부만 보입니다: 기사 ${couriers}, 호출 ${calls}. 확대하면 더 보입니다.`,
    groups: { DISPATCHING: '기다리는 호출', CONFIRMED: '기사가 정해진 호출' },
    pick: '지도나 목록에서 기사 또는 호출을 고르십시오.',
    open: '열기',
    nobody: '아직 없음',
  },
  calls: {
    all: '전체',
    service: '서비스',
    pickup: '택배',
    taxi: '택시',
    status: '상태',
    number: '번호',
    tel: '휴대폰번호',
    place: '위치',
    phase: '진행',
    courier: '기사',
    created: '접수',
    updated: '변경',
    class: '유형',
    cost: '예상요금',
    memo: '메모',
    pickupAt: '예약일시',
    distance: '거리',
    correlation: '상관 ID',
    position: '저널 위치',
    filter: '휴대폰번호',
    find: '찾기',
    clear: '지우기',
    total: (n) => `호출 ${n}건`,
    none: '조건에 맞는 호출이 없습니다.',
    timeline: '타임라인',
    history: '이력',
    explain: '이 기사를 고른 이유',
    event: '이벤트',
    cause: '원인',
    at: '시각',
    onlyOf: '이 요청에 속한 것만',
    detail: '내용',
    cancel: '취소…',
    reassign: '재할당…',
    unmask: '번호 보기…',
    actor: '액터 보기',
    restarts: '재시작 기록',
    title: (n) => `호출 ${n}`,
    whole: (service, n) => `${service} · 호출 ${n}`,
  },
  explain: {
    none: '아직 할당된 기사가 없어 설명할 것이 없습니다.',
    nearest: '호출이 가장 가까운 기사를 찾았습니다.',
    oldest: '일을 맡을 수 있게 된 기사가 가장 오래 기다린 호출을 맡았습니다.',
    assignment: (n) => `할당 ${n}`,
    considered: '검토한 기사',
    load: '적재',
    idle: '대기 시작',
    verdict: '판정',
    why: '이유',
    map: '배차기가 검토한 기사 지도',
    verdicts: {
      chosen: '선택',
      farther: '더 멂',
      more_loaded: '적재 많음',
      idle_shorter: '대기 짧음',
      higher_id: '번호 큼',
      off_shift: '근무 아님',
      lost: '연락 두절',
      full: '가득 참',
      wrong_class: '유형 불일치',
      excluded: '제외됨',
      changing: '변경 중',
      out_of_reach: '범위 밖',
    },
  },
  couriers: {
    name: '이름',
    state: '상태',
    load: '적재',
    vehicle: '차량',
    classes: '유형',
    lastSeen: '마지막 소식',
    shift: '근무 중',
    place: '위치',
    offShift: '근무 해제…',
    onShift: '근무 투입…',
    total: (n) => `기사 ${n}명`,
    none: '기사가 없습니다.',
    noneSuch: '조건에 맞는 기사가 없습니다.',
    filter: '번호 또는 이름',
    title: (n) => `기사 ${n}`,
  },
  actors: {
    tree: '트리',
    top: '순위',
    kind: '종류',
    sort: '정렬',
    window: '구간',
    sinceWatched: '관찰 이후',
    id: '액터',
    running: '지금 처리 중',
    messages: '메시지',
    lastExit: '마지막 종료',
    shown: (n, of) => `${of}개 중 ${n}개`,
    took: (time) => `조회 ${time}`,
    idle: '없음',
    waitBoth: '대기 p50 / p99',
    handlerBoth: '처리 p50 / p99',
    snapshot: '스냅숏',
    snapshotNone: '1초 안에 답하지 않았습니다.',
    stories: '재시작',
    storiesNone: '재시작된 적이 없습니다.',
    supervisor: '감독자',
    kill: '강제 종료…',
    restart: '재시작…',
    crash: '크래시…',
    hang: '응답 정지…',
    trace: '추적',
    traceHint: '이 액터가 받는 모든 메시지를, 호출과 기사는 관련 메시지까지 따라갑니다.',
    traceStart: '추적 시작',
    traceStop: '멈추고 지우기',
    traceRunning: '기록 중',
    traceDone: '끝남',
    traceEmpty: '아직 메시지가 없습니다.',
    message: '메시지',
    waited: '대기',
    took2: '처리',
    about: '대상',
    failed: '실패',
    underWay: '처리 중',
    intensity: (left, of, period) => `${period} 동안 재시작 ${of}회 중 ${left}회 남음`,
    backoff: (time) => `${time} 뒤 다시`,
    active: (n) => `${n}개 활성`,
    none: '그런 종류의 액터가 없습니다.',
  },
  sorts: {
    messages: '메시지',
    depth: '깊이',
    highWater: '최고 수위',
    wait: '대기',
    handler: '처리',
    rejected: '거절',
    restarts: '재시작',
    running: '가장 오래 처리 중',
  },
  supervision: {
    restarts: '재시작',
    restartsHint: '일어나는 대로, 최신순',
    audit: '감사 기록',
    auditHint: '운영자가 한 일',
    none: '재시작된 액터가 없습니다.',
    auditNone: '운영자의 조치가 아직 없습니다.',
    causedBy: (n) => `${n} 때문`,
    operator: '운영자',
    action: '조치',
    older: '이전 기록 더 보기',
    filter: '찾을 말',
    outcomes: {
      restarts: '재시작',
      drops: '버림',
      quarantines: '격리',
      escalates: '상위로',
      fences: '차단',
    },
  },
  letters: {
    title: '고객에게 닿지 못한 메시지',
    none: '미전달 메시지가 없습니다.',
    call: '호출',
    state: '상태',
    states: { dead: '포기', bad_number: '없는 번호' },
    total: (n) => `메시지 ${n}건`,
    kind: '메시지',
    via: '경로',
    code: '코드',
    reason: '사유',
    rejects: '자리가 없어 거절된 것',
    mailboxes: '가득 찬 메일함',
    ended: '끝난 액터에게 간 것',
    calls: '거절된 호출',
    cause: '원인',
    count: '건수',
    actor: '액터',
    message: '메시지',
  },
  breakers: {
    name: '차단기',
    state: '상태',
    calls: '호출',
    failed: '실패',
    slow: '느림',
    rejected: '거절',
    retry: '다시 시도까지',
    untilReset: '초기화할 때까지',
    trip: '차단…',
    reset: '초기화…',
    disable: '해제…',
    none: '차단기가 없습니다.',
    hint: '차단된 차단기는 초기화할 때까지 바로 거절하고, 해제된 차단기는 모두 통과시킵니다.',
  },
  action: {
    checking: '무슨 일이 일어날지 묻는 중…',
    effects: '일어날 일',
    noEffects: '예상되는 영향이 없습니다.',
    stopped: '멈추는 액터',
    redispatched: '다시 배차되는 호출',
    reason: '사유',
    hangFor: '얼마 동안',
    cancel: '그만두기',
    doing: '잠시만…',
    audit: '감사 번호',
    number: '번호',
    path: '사본',
    audited: '이름과 함께 기록됩니다.',
    refused: '거절되었습니다',
    failed: '시작했지만 실패했습니다',
    inDoubt: '답이 없습니다. 이미 실행되었을 수 있으니 감사 기록을 확인하십시오.',
    again: '다시 묻기',
    tooLong: (bytes) => `${bytes}바이트 초과했습니다.`,
    names: {
      kill: '강제 종료',
      restart: '재시작',
      crash: '크래시',
      hang: '응답 정지',
      pause: '단계 멈추기',
      resume: '단계 재개',
      trip: '차단기 차단',
      reset: '차단기 초기화',
      disable: '차단기 해제',
      cancel: '취소',
      reassign: '재할당',
      unmask: '번호 보기',
      'off-shift': '근무 해제',
      'on-shift': '근무 투입',
      drain: '비우고 종료',
      backup: '백업',
      failed: '실패',
    },
  },
  keys: {
    title: '단축키',
    help: '이 목록',
    search: '호출 검색',
    goTo: (page) => `${page}(으)로 이동`,
    escape: '대화 상자나 메뉴 닫기',
  },
  pager: {
    previous: '이전',
    next: '다음',
    page: (n, of) => `${of}쪽 중 ${n}쪽`,
    label: '목록의 쪽',
  },
  phases: {
    REQUESTED: '요청됨',
    SCHEDULED: '예약됨',
    DISPATCHING: '배차 중',
    CONFIRMED: '확정',
    ARRIVED: '도착',
    PICKED_UP: '픽업',
    COMPLETED: '완료',
    CANCELED: '취소',
    UNFULFILLED: '미배차',
    PICKUP_FAILED: '픽업 실패',
  },
  statuses: { 호출: '호출', 호출중: '호출중', 호출확정: '호출확정', 호출취소: '호출취소' },
  states: {
    free: '대기',
    busy: '업무 중',
    full: '가득 참',
    off_shift: '근무 아님',
    lost: '연락 두절',
    unplaced: '위치 없음',
    running: '작동 중',
    ready: '준비됨',
    rebuilding: '다시 만드는 중',
    beginning: '시작하는 중',
    BEGINNING: '시작하는 중',
    restarting: '재시작 중',
    ending: '끝나는 중',
    stopped: '멈춤',
    zombies: '남겨짐',
    quarantined: '격리됨',
    unanswered: '응답 없음',
    closed: '닫힘',
    open: '열림',
    half_open: '반쯤 열림',
    disabled: '해제됨',
    forced_open: '강제 차단',
  },
  classes: {
    under10kg: '10kg 이하',
    over10kg: '10kg 이상',
    standard: '일반',
    deluxe: '모범',
    van: '승합',
  },
  told: { story, reason, why, effect, event, source, step, cause },
};

const REASONS: Record<string, string> = {
  normal: '정상 종료',
  killed: '강제 종료',
  'fault: told to crash': '크래시 지시',
  'told to restart': '재시작 지시',
};

function reason(said: string): string {
  return REASONS[said] ?? said;
}

function happened(one: Restart): string {
  const who = one.actor ? `${one.actor.kind} ${one.actor.id} 액터가` : `감독자(${one.child})가`;
  const what =
    one.by !== null
      ? `운영자 ${one.by}의 지시로 끝났습니다`
      : one.message !== null
        ? `${one.message} 처리 중에 크래시했습니다`
        : '끝났습니다';
  return `${who} ${what}: ${reason(one.reason)}.`;
}

// 뒤에 감독자가 온다. 괄호 앞의 낱말에 조사를 맞추므로 이름과 상관없이 옳다.
const FOLLOWED: Record<Restart['outcome'], (one: Restart) => string> = {
  restarts: (one) =>
    one.siblings.length
      ? `가 다시 시작하고, ${one.siblings.join(', ')}도 함께 시작합니다.`
      : '가 다시 시작합니다.',
  drops: () => '는 다시 시작하지 않습니다: 임시로 있던 것입니다.',
  quarantines: () => '는 다시 시작하지 않습니다: 너무 자주 크래시했습니다. 나머지는 계속합니다.',
  escalates: () => '는 포기하고 자신의 감독자에게 맡깁니다.',
  fences: () => '는 그대로 남겨 둡니다: 강제 종료로도 끝나지 않았습니다.',
};

function story(one: Restart): string {
  const followed = FOLLOWED[one.outcome];
  if (!followed) return one.story;
  return [
    happened(one),
    ...(one.incarnation > 0 ? [`그 전에 ${one.incarnation}번 재시작되었습니다.`] : []),
    ...(one.causedBy !== null ? [`재시작 ${one.causedBy}번에서 비롯된 일입니다.`] : []),
    `감독자(${one.supervisor})${followed(one)}`,
  ].join(' ');
}

const metres = (m: number): string => `${m.toFixed(1)} m`;

type Why = (one: Considered, first: Considered, of: Explanation) => string;

const WHYS: Record<string, Why> = {
  chosen: (_, __, of) =>
    of.how === 'oldest_call'
      ? '일을 맡을 수 있게 되었고, 범위 안에 더 오래 기다린 호출이 없었습니다'
      : '올 수 있는 기사 가운데 가장 가깝습니다',
  farther: (one, first) =>
    `${first.courierId}번 기사보다 ${metres(one.distance - first.distance)} 더 멉니다`,
  more_loaded: (one, first) =>
    `${first.courierId}번 기사와 거리는 같지만, 일이 ${first.load}건보다 많은 ${one.load}건입니다`,
  idle_shorter: (_, first) =>
    `${first.courierId}번 기사와 거리는 같지만, 대기한 시간이 더 짧습니다`,
  higher_id: (_, first, of) =>
    of.how === 'oldest_call'
      ? `함께 일을 맡을 수 있게 되었지만, ${first.courierId}번 기사 다음 차례입니다`
      : `${first.courierId}번 기사와 다른 것은 모두 같지만, 번호가 더 큽니다`,
  off_shift: () => '근무 중이 아니었습니다',
  lost: () => '너무 오래 소식이 없었습니다',
  full: (one) => `일이 ${one.load}건 있어 더 맡을 수 없었습니다`,
  wrong_class: (_, __, of) => `${ko.classes[of.class] ?? of.class} 호출을 맡을 수 없습니다`,
  excluded: () => '이 호출을 전에 맡았습니다',
  changing: () => '기사 정보가 변경되는 중이었습니다',
  out_of_reach: (one, _, of) =>
    `${metres(one.distance)} 떨어져 있어, 범위 ${metres(of.reach)}를 벗어납니다`,
};

function why(of: Explanation, one: Considered): string {
  const first = of.considered.find((other) => other.verdict === 'chosen') ?? one;
  return WHYS[one.verdict]?.(one, first, of) ?? one.why;
}

const UNITS: Record<string, string> = { ms: '밀리초', s: '초', min: '분', h: '시간' };

/** '500ms'는 '500밀리초'. */
const lasting = (time = ''): string => time.replace(/[a-z]+$/, (unit) => UNITS[unit] ?? unit);

const MESSAGES: Record<string, string> = {
  RECEIVED: '접수',
  CONFIRMED: '기사 확정',
  REASSIGNED: '기사 변경',
  ARRIVED: '도착',
  PICKED_UP: '픽업',
  COMPLETED: '완료',
  CANCELED: '취소',
  UNFULFILLED: '미배차',
  FAILED: '실패',
};

const EFFECTS: Record<string, (facts: Labels) => string> = {
  nothing: () => '없음: 이미 그렇습니다',
  calls_refused: () => '재개할 때까지 새 호출을 503으로 거절합니다',
  calls_accepted: () => '새 호출을 다시 받습니다',
  calls_wait: () => '재개할 때까지 호출이 기사 없이 호출중에 머뭅니다',
  calls_served: () => '기다리던 호출에 오래된 것부터 기사가 정해집니다',
  breaker_state: ({ state = '' }) => `지금 상태: ${ko.states[state] ?? state}`,
  breaker_refuses: () => '초기화할 때까지 모두 거절합니다',
  breaker_closes: () => '새로 만든 것처럼 닫힙니다',
  breaker_passes: () => '초기화할 때까지 모두 통과시킵니다',
  job_lost: ({ courier }) => `${courier}번 기사가 이 일을 잃습니다`,
  phase: ({ phase = '' }) => `호출의 진행: ${ko.phases[phase] ?? phase}`,
  customer_told: ({ message = '' }) => `고객에게 알립니다: ${MESSAGES[message] ?? message}`,
  jobs_again: () => '다시 일을 받을 수 있습니다',
  no_new_jobs: ({ load }) => `새 일을 받지 않습니다. 맡은 ${load}건은 그대로 합니다`,
  number_shown: () => '휴대폰번호 전체를 봅니다',
  drained: () => '새 연결을 받지 않고, 처리 중인 것을 마친 뒤 몇 초 안에 프로세스가 끝납니다',
  process_restarted: () => '저장된 것은 남습니다. 서비스 관리자가 다시 시작합니다',
  copied: () => '데이터베이스 옆에 사본을 만듭니다. 그동안에도 호출은 계속됩니다',
  durable_stays: () => '저장된 것은 남습니다',
  restarted: ({ supervisor }) =>
    `감독자(${supervisor})가 다시 시작합니다. 저장된 것은 다시 읽습니다`,
  another_chance: ({ supervisor }) =>
    `너무 자주 크래시했지만, 감독자(${supervisor})가 다시 기회를 줍니다`,
  quarantined: ({ supervisor }) =>
    `감독자(${supervisor})는 다시 시작하지 않습니다: 너무 자주 크래시했습니다`,
  call_stays: () => '운영자가 액터를 재시작할 때까지 호출은 그대로 머뭅니다',
  courier_lost: ({ calls }) =>
    `운영자가 액터를 재시작할 때까지 기사는 연락 두절로 여겨지고, 아직 가지 않은 호출 ${calls}건은 다시 배차됩니다`,
  courier_lost_unknown: () =>
    '운영자가 액터를 재시작할 때까지 기사는 연락 두절로 여겨지고, 아직 가지 않은 호출은 다시 배차됩니다. 몇 건인지는 배차기가 답하지 않았습니다',
  supervisor_restarted: ({ supervisor, actors, dispatcher }) =>
    `크래시가 너무 많아 감독자(${supervisor})가 포기합니다: ${dispatcher === 'true' ? '배차기를 포함해 ' : ''}그 아래 액터 ${actors}개가 함께 끝나고 모두 다시 시작됩니다`,
  process_ends: ({ supervisor }) =>
    `크래시가 너무 많아 감독자(${supervisor})가 포기하고, 대신할 것이 없습니다: 프로세스가 코드 70으로 끝나고 서비스 관리자가 다시 시작합니다`,
  unforeseen: ({ supervisor }) => `감독자(${supervisor})가 어떻게 할지 1초 안에 답하지 않았습니다`,
  couriers_restarted: ({ couriers }) => `기사 액터 ${couriers}개가 함께 다시 시작됩니다`,
  turns_kept: () => '기다리는 호출은 순서를 지키고, 할당은 그대로입니다',
  command_refused: () => '처리 중이던 명령은 503으로 답하며, 다시 보내도 됩니다',
  messages_kept: () => '메시지는 잠시 기다립니다. 잃거나 두 번 보내지 않습니다',
  hangs: ({ time }) => `다음 메시지를 처리할 때 ${lasting(time)} 동안 아무것도 하지 않습니다`,
  new_calls_refused: ({ service }) =>
    `그동안 새 ${service === 'taxi' ? ko.calls.taxi : ko.calls.pickup} 호출은 503으로 거절되고, 기다리는 호출은 기사를 얻지 못합니다`,
  commands_late: () => '이 호출에 대한 명령은 늦게, 또는 503으로 답합니다',
  messages_late: () => '그동안 고객에게 갈 메시지는 기다립니다',
  all_hang: () => '이로써 모든 액터 스레드가 멈춥니다: 그동안 아무것도 결정되지 않습니다',
  hang_ends_process: ({ time }) =>
    `그대로 ${lasting(time)} 뒤에는 프로세스가 코드 70으로 끝나고 서비스 관리자가 다시 시작합니다. 저장된 것은 남습니다`,
};

function effect(one: Effect): string {
  return EFFECTS[one.code]?.(one.facts) ?? one.text;
}

const STEPS: Record<string, string> = {
  Called: '호출됨',
  Managed: '접수됨',
  Scheduled: '예약됨',
  Assigned: '기사 할당',
  Arrived: '기사 도착',
  PickedUp: '픽업',
  Completed: '완료',
  CallCancelled: '호출 취소',
  AssignCancelled: '할당 취소',
  Unfulfilled: '미배차',
  Failed: '픽업 실패',
};

/** 'PickupAssigned', 'TaxiAssigned'. */
function step(event: string): string {
  return STEPS[event.replace(/^(Pickup|Taxi)/, '')] ?? event;
}

const CAUSES: Record<string, string> = {
  customer: '고객',
  operator: '운영자',
  courier_declined: '기사의 거절',
  courier_lost: '기사 연락 두절',
  pickup_failed: '픽업 실패',
  expired: '대기 시간 초과',
};

function cause(of: string): string {
  return CAUSES[of] ?? of;
}

const SOURCES: Record<TimelineEvent['source'], string> = {
  http: '요청',
  journal: '저널',
  actor: '액터',
  message: '메시지',
};

function source(of: TimelineEvent['source']): string {
  return SOURCES[of] ?? of;
}

const DELIVERIES: Record<string, string> = {
  told: '알림',
  waiting: '대기 중',
  unanswered: '응답 대기',
  unknown: '결과 모름',
  accepted: '접수',
  delivered: '전달',
  superseded: '새 메시지로 대신함',
  failed: '실패',
  dead: '포기',
};

const CARRIERS: Record<string, string> = { alimtalk: '알림톡', sms: '문자', lms: '장문 문자' };

const HAPPENINGS: Record<
  TimelineEvent['source'],
  (facts: Partial<Labels>) => [title: string, ...details: (string | false | undefined)[]]
> = {
  http: ({ method, path, status, took }) => [`${method} ${path}`, status, took],
  journal: ({ event = '', phase = '', courier, distance, cause: by, reason: why }) => [
    step(event),
    ko.phases[phase] ?? phase,
    courier && `${courier}번 기사`,
    distance && `거리 ${distance}`,
    by && `원인: ${cause(by)}`,
    why,
  ],
  actor: ({ kind, id, message, took, waited, crashed }) => [
    `${kind} ${id} 액터: ${message}`,
    took ? `처리 ${took}` : '처리 중',
    waited && `대기 ${waited}`,
    crashed && '액터가 크래시함',
  ],
  message: ({ message = '', state = '', via, attempts, code, reason: why }) => [
    `고객에게 알림: ${MESSAGES[message] ?? message}`,
    DELIVERIES[state] ?? state,
    via && (CARRIERS[via] ?? via),
    attempts && `시도 ${attempts}번`,
    code && `코드 ${code}`,
    why,
  ],
};

function event(one: TimelineEvent): { title: string; detail: string } {
  const told = one.facts && HAPPENINGS[one.source]?.(one.facts);
  if (!told) return { title: one.title, detail: one.detail };
  const [title, ...details] = told;
  return { title, detail: details.filter(Boolean).join(', ') };
}
