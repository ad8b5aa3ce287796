-- wrk script: POST /pickupcalls from random places in Seoul, and a DELETE for every call that was
-- made, as soon as it is known. One thread of wrk, so that all its connections share the calls.

local south, north, west, east = 37.45, 37.65, 126.85, 127.15
local prepared = 20000

local requests = {}
local next_request = 0
local made = {}

function init(args)
  math.randomseed(tonumber(args[1]) or 1)
  for i = 1, prepared do
    local body = string.format(
      '{"tel":"010%08d","lat":%.6f,"lng":%.6f,"parcelType":"under10kg","cost":%d}',
      math.random(0, 99999999), south + (north - south) * math.random(),
      west + (east - west) * math.random(), 1000 * math.random(3, 30))
    requests[i] = wrk.format("POST", "/pickupcalls", {["Content-Type"] = "application/json"}, body)
  end
end

function request()
  local call = table.remove(made)
  if call then
    return wrk.format("DELETE", "/pickupcalls/" .. call)
  end
  next_request = next_request % prepared + 1
  return requests[next_request]
end

function response(status, _, body)
  if status == 201 then
    made[#made + 1] = body:match('"id": ?(%d+)')
  end
end

function done(summary, latency, _)
  local failed = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"seconds":%.6f,"p50_ms":%.3f,"p99_ms":%.3f,"not_2xx":%d,"broken":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, failed.status,
    failed.connect + failed.read + failed.write + failed.timeout))
end
