%% The yardstick of bench/memory: a call as a process of OTP's gen_statem, with the state that our
%% call actor has. Starts so many, then keeps them until its standard input ends.
%%   erl -noshell -s live_calls main CALLS awake|hibernated
%% Prints "ready" when all are there and have collected their garbage.
-module(live_calls).
-behaviour(gen_statem).
-export([main/1, init/1, callback_mode/0, handle_event/4]).

callback_mode() -> handle_event_function.

init({hibernated, Data}) -> {ok, confirmed, Data, hibernate};
init({awake, Data}) -> {ok, confirmed, Data}.

handle_event({call, From}, look, _State, Data) ->
    {keep_state_and_data, [{reply, From, Data}]};
handle_event({call, From}, cancel, _State, Data) ->
    {next_state, canceled, Data#{assignment := none}, [{reply, From, ok}]}.

main([Calls, How]) ->
    Pids = [begin
                {ok, Pid} = gen_statem:start(?MODULE, {How, call(N)}, []),
                Pid
            end || N <- lists:seq(1, list_to_integer(atom_to_list(Calls)))],
    How =:= awake andalso [erlang:garbage_collect(Pid) || Pid <- Pids],
    erlang:garbage_collect(),
    io:format("ready~n"),
    io:get_line(""),
    halt(0).

call(N) ->
    #{id => N, version => 1, wanted => under10kg,
      tel => list_to_binary(io_lib:format("010~8..0b", [N rem 100000000])),
      location => <<>>, lat => 37.45 + N / 1.0e8, lng => 126.85 + N / 1.0e8, cost => 10000,
      memo => none, created_at => 1767225600000 + N, updated_at => 1767225600000 + N,
      wait_until => 1767227400000 + N,
      assignment => #{id => N, courier => N rem 200, distance => 1234.5, live => true},
      times_assigned => 1, excluded => [], last => N,
      correlation_id => list_to_binary(io_lib:format("~32.16.0b", [N]))}.
