import { describe, expect, it } from 'vitest';
import { partOf, readStacks } from '../../../bench/report/account';

const SAMPLES = `workerd 
	         3db361f workerd::jsg::AsyncContextFrame::Scope::Scope
	         3449bf4 workerd::IoContext::runSingle<workerd::IoContext::run<workerd::(anonymous namespace)::WorkerEntrypoint::requestImpl(kj::HttpMethod)>>
	         5fb4c09 kj::_::TransformPromiseNodeBase::get
	         5fb2fa8 kj::_::waitImpl
	         33cf884 kj_rs_tokio::TokioAsyncIoContext::blockOn
	         23b5fee workerd_server::entry::serve

V8 DefaultWorke 
	         4085f5c v8::internal::Scavenger::Process

`;

const TURN =
  'workerd::IoContext::runSingle<workerd::IoContext::awaitIoImpl<capnp::Response<workerd::rpc::JsRpcTarget::CallResults>';
const part = (...frames: string[]): string => partOf({ thread: 'workerd', frames });

describe('readStacks', () => {
  it('reads the thread and the functions of each sample, without the loop that runs all of them', () => {
    expect(readStacks(SAMPLES)).toEqual([
      {
        thread: 'workerd',
        frames: [
          'workerd::jsg::AsyncContextFrame::Scope::Scope',
          'workerd::IoContext::runSingle<workerd::IoContext::run<workerd::(anonymous namespace)::WorkerEntrypoint::requestImpl(kj::HttpMethod)>>',
          'kj::_::TransformPromiseNodeBase::get',
        ],
      },
      { thread: 'V8 DefaultWorke', frames: ['v8::internal::Scavenger::Process'] },
    ]);
  });
});

describe('partOf', () => {
  it.each([
    ['garbage: minor collections', ['v8::internal::Heap::Scavenge', 'v8::internal::Heap::CollectGarbage', TURN]],
    ['garbage: objects of the platform are destroyed', ['v8::internal::CppHeap::FinishAtomicSweepingIfRunning', TURN]],
    ['JSON', ['v8::internal::JsonStringifier::Stringify', 'Builtins_CEntry', TURN]],
    [
      'HTTP: response written to the socket',
      ['tcp_sendmsg', '<&mio::net::tcp::stream::TcpStream as std::io::Write>::write_vectored'],
    ],
    ['JavaScript: results of RPC', ['Builtins_LoadIC', 'JS:*dispatch worker.js:1:1', 'Builtins_RunMicrotasks', TURN]],
    [
      'turns: results of RPC',
      ['workerd::jsg::Wrappable::detach', 'JS:*dispatch worker.js:1:1', 'Builtins_RunMicrotasks', TURN],
    ],
    ['turns: results of RPC', ['Builtins_RunMicrotasks', 'Builtins_JSRunMicrotasksEntry', TURN]],
    ['RPC between turns', ['capnp::LocalClient::call', 'kj::_::ForkHubBase::fire']],
    ['workerd between turns', ['kj::_::ChainPromiseNode::fire']],
  ])('names %s', (expected, frames) => {
    expect(part(...frames)).toBe(expected);
  });

  it('does not take the template of an event for work inside of it', () => {
    expect(part('kj::_::Event::fire', `${TURN} JsonParser`)).toBe('turns: results of RPC');
  });

  it('keeps what runs on threads of V8 apart', () => {
    expect(partOf({ thread: 'V8 DefaultWorke', frames: ['v8::internal::OptimizedCompilationJob::ExecuteJob'] })).toBe(
      'compiling, on threads of its own',
    );
    expect(partOf({ thread: 'V8 DefaultWorke', frames: ['v8::internal::Scavenger::Process'] })).toBe(
      'garbage: threads of its own',
    );
  });
});
