use photophone::files::read_sound;
use photophone::transform::retrieval::*;
use photophone::transform::*;
use std::ops::ControlFlow;
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let sound = read_sound(std::path::Path::new(&path), Default::default()).unwrap();
    let x = sound.mixed_to_mono();
    let params = StftParams { sr: 22050.0, ..StftParams::default() };
    let plan = Stft::new(&params, x.len()).unwrap();
    let c = plan.forward(&x).unwrap();
    let m = c.map(|v| v.norm());
    let db = |a: &[f64]| {
        let d = plan.forward(a).unwrap();
        let (mut n, mut w) = (0.0, 0.0);
        for (p, q) in d.as_slice().iter().zip(m.as_slice()) {
            n += (p.norm() - q).powi(2);
            w += q * q;
        }
        10.0 * (n / w as f64).log10()
    };
    for (method, iterations) in [
        (PhaseMethod::HeapIntegration, 0),
        (PhaseMethod::Refined, 6),
        (PhaseMethod::Refined, 16),
        (PhaseMethod::GriffinLim, 16),
    ] {
        let t = std::time::Instant::now();
        let o = RetrieveOptions { method, iterations, ..RetrieveOptions::default() };
        let r = retrieve(&plan, &Magnitudes::exact(&m), None, &o, |_| ControlFlow::Continue(())).unwrap();
        println!(
            "{method:?} {iterations}: {:.2} dB, {:.2} s, {} + {}",
            db(&r.samples),
            t.elapsed().as_secs_f64(),
            r.iterations,
            r.last_iterations
        );
    }
    let mut back = vec![0.0; x.len()];
    let heap = heap_integration(&plan, &Magnitudes::exact(&m), None, &HeapOptions::default()).unwrap();
    let cells = photophone::spectrum::Plane::from_fn(m.rows(), m.columns(), |k, t| heap[(k, t)] * m[(k, t)]);
    back.copy_from_slice(&plan.inverse(&cells).unwrap());
    println!("heap + dual: {:.2} dB", db(&back));
}
