%% The yardstick of bench/restart: how long a killed child of an OTP supervisor is gone. Kills
%% one child after another and tells for each the microseconds until its next incarnation
%% answered. Both kinds of supervisor: one_for_one, whose children each have a specification,
%% and simple_one_for_one, whose children share one, as our couriers do.
%%   erl -noshell -kernel logger_level emergency -s restart_latency main CHILDREN KILLS
%% Prints one line of JSON.
-module(restart_latency).
-behaviour(supervisor).
-export([main/1, init/1, start_child/1]).

%% -- the supervisor

init({Strategy, Specs}) ->
    {ok, {#{strategy => Strategy, intensity => 1000000, period => 10}, Specs}}.

spec(Id, Args) ->
    #{id => Id, start => {?MODULE, start_child, Args}, shutdown => 2000}.

%% -- a child: enters itself into the table, then answers

start_child(Key) ->
    proc_lib:start_link(erlang, apply, [fun child/2, [Key, self()]]).

child(Key, Parent) ->
    ets:insert(children, {Key, self()}),
    proc_lib:init_ack(Parent, {ok, self()}),
    serve().

serve() ->
    receive
        {ask, From, Ref} -> From ! {answer, Ref}, serve();
        _ -> serve()
    end.

%% -- the measurement

main([Children, Kills]) ->
    N = list_to_integer(atom_to_list(Children)),
    K = list_to_integer(atom_to_list(Kills)),
    process_flag(trap_exit, true),
    ets:new(children, [named_table, public, set, {read_concurrency, true}]),
    {ok, Static} = supervisor:start_link(?MODULE,
        {one_for_one, [spec(Key, [Key]) || Key <- lists:seq(1, N)]}),
    OneForOne = [kill_child(Key rem N + 1) || Key <- lists:seq(1, K)],
    stop(Static),
    {ok, Dynamic} = supervisor:start_link(?MODULE, {simple_one_for_one, [spec(child, [])]}),
    [{ok, _} = supervisor:start_child(Dynamic, [Key]) || Key <- lists:seq(1, N)],
    Simple = [kill_child(Key rem N + 1) || Key <- lists:seq(1, K)],
    stop(Dynamic),
    io:format("{\"one_for_one\":~s,\"simple_one_for_one\":~s}~n",
        [io_lib:format("~w", [OneForOne]), io_lib:format("~w", [Simple])]),
    halt(0).

stop(Supervisor) ->
    exit(Supervisor, shutdown),
    receive {'EXIT', Supervisor, _} -> ok end.

kill_child(Key) ->
    [{Key, Old}] = ets:lookup(children, Key),
    Start = erlang:monotonic_time(nanosecond),
    exit(Old, kill),
    New = await_new(Key, Old),
    Ref = make_ref(),
    New ! {ask, self(), Ref},
    receive {answer, Ref} -> ok end,
    (erlang:monotonic_time(nanosecond) - Start) / 1000.

await_new(Key, Old) ->
    case ets:lookup(children, Key) of
        [{Key, New}] when New =/= Old -> New;
        _ -> erlang:yield(), await_new(Key, Old)
    end.
