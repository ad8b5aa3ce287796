-- wrk script: what apps of couriers and customers ask, mixed. Arguments: a file with three lines
-- of ids (couriers; calls to look at; calls to cancel, each once), the parts in percent of
-- locations, new calls and looks (the rest cancels), seed. All requests are written before the
-- clock starts.

local south, north, west, east = 37.45, 37.65, 126.85, 127.15
local prepared = 20000

local locations, calls, looks, cancels = {}, {}, {}, {}
local location_part, call_part, look_part
local canceled = 0
threads = {}

local function ids_of(line)
  local ids = {}
  for id in line:gmatch("%S+") do ids[#ids + 1] = id end
  return ids
end

local function place()
  return string.format('"lat":%.6f,"lng":%.6f', south + (north - south) * math.random(),
                       west + (east - west) * math.random())
end

function setup(thread) threads[#threads + 1] = thread end

function init(args)
  location_part, call_part, look_part = tonumber(args[2]), tonumber(args[3]), tonumber(args[4])
  math.randomseed(tonumber(args[5]))
  local lines = io.lines(args[1])
  local couriers, looked_at, to_cancel = ids_of(lines()), ids_of(lines()), ids_of(lines())
  local headers = {["Content-Type"] = "application/json"}
  for i = 1, prepared do
    locations[i] = wrk.format("PUT", "/couriers/" .. couriers[math.random(#couriers)] .. "/location",
                              headers, "{" .. place() .. "}")
    calls[i] = wrk.format("POST", "/pickupcalls", headers, string.format(
      '{"tel":"010%08d","location":"이수",%s,"parcelType":"under10kg","cost":%d}',
      math.random(0, 99999999), place(), 1000 * math.random(3, 30)))
  end
  for i, id in ipairs(looked_at) do looks[i] = wrk.format("GET", "/pickupcalls/" .. id) end
  for i, id in ipairs(to_cancel) do cancels[i] = wrk.format("DELETE", "/pickupcalls/" .. id) end
end

function request()
  local chance = 100 * math.random()
  if chance < location_part then return locations[math.random(prepared)] end
  chance = chance - location_part
  if chance < call_part then return calls[math.random(prepared)] end
  chance = chance - call_part
  if chance >= look_part then
    canceled = canceled + 1
    if cancels[canceled] then return cancels[canceled] end
    missing = (missing or 0) + 1
  end
  return looks[math.random(#looks)]
end

function done(summary, latency, _)
  local failed = summary.errors
  for _, thread in ipairs(threads) do
    if thread:get("missing") then
      io.write("too few calls to cancel\n")
      return
    end
  end
  io.write(string.format(
    'RESULT {"requests":%d,"seconds":%.6f,"p50_ms":%.3f,"p99_ms":%.3f,"not_2xx":%d,"broken":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, failed.status,
    failed.connect + failed.read + failed.write + failed.timeout))
end
