//! `stadtplan services`: the catalogue of services, or the page of one.

use std::path::Path;

use clap::{Args, ValueEnum};

use super::exit::Exit;
use super::workspace::Workspace;
use super::{Context, Failure, terminal};
use crate::compile::{CatalogueService, catalogue};
use crate::diagnostic::nearest;
use crate::disk;
use crate::render::{self, Format};
use crate::source::MemoryWorld;

/// List the services there are, or say what one takes, needs and gives
#[derive(Debug, Args)]
#[command(after_help = "Outside a workspace the standard library is listed.

Examples:
  stadtplan services                              every service with one line
  stadtplan services keycloak                     its parameters, needs, secrets, volumes
  stadtplan services --format json | jq '.services[].name'")]
pub(super) struct Arguments {
    /// The name of a service; without it, all are listed
    #[arg(value_name = "NAME")]
    name: Option<String>,

    /// `human`, or `json` (one document)
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, hide_possible_values = true)]
    pub(super) format: CatalogueFormat,
}

/// The form in which the catalogue is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum CatalogueFormat {
    #[default]
    Human,
    Json,
}

impl From<CatalogueFormat> for Format {
    fn from(choice: CatalogueFormat) -> Self {
        match choice {
            CatalogueFormat::Human => Format::Human,
            CatalogueFormat::Json => Format::Json,
        }
    }
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> Result<Exit, Failure> {
    let mut services = read(context)?;
    if let Some(name) = &arguments.name {
        services = vec![find(services, name)?];
    }
    let canvas = &context.terminal.out;
    let text = match (arguments.format, &arguments.name, services.as_slice()) {
        (CatalogueFormat::Json, ..) => render::services_json(&services),
        (CatalogueFormat::Human, Some(_), [service]) => render::service_page(service, canvas),
        (CatalogueFormat::Human, ..) => render::service_list(&services, canvas),
    };
    terminal::print(&text)?;
    Ok(Exit::Clean)
}

/// The services of the workspace, or the standard ones where there is none and none was asked for.
fn read(context: &Context) -> Result<Vec<CatalogueService>, Failure> {
    if context.workspace.is_none() && disk::find_root(Path::new(".")).is_none() {
        return Ok(catalogue(&MemoryWorld::default()));
    }
    let workspace = Workspace::open(context, None, None)?;
    Ok(catalogue(workspace.world()))
}

fn find(services: Vec<CatalogueService>, name: &str) -> Result<CatalogueService, Failure> {
    let meant = nearest(name, services.iter().map(|service| service.name.as_str())).map(str::to_owned);
    services.into_iter().find(|service| service.name == name).ok_or_else(|| {
        let failure = Failure::new(Exit::Usage, format!("there is no service `{name}`"));
        match meant {
            Some(meant) => failure.help(format!("did you mean `{meant}`?")),
            None => failure.help("`stadtplan services` lists all of them"),
        }
    })
}
